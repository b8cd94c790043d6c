"""Answers to the exercise as people write them: right ones in many styles, and wrong ones."""

import numpy as np


def in_one_line(n, c, sums, squares):
    return c + sums / n, squares / n - (sums / n) ** 2


def sum_of_squares_first(n, c, sums, squares):
    about_the_mean = squares - sums * sums / n
    return c + sums / n, about_the_mean / n


def factored(n, c, sums, squares):
    d = sums / n
    return {"mean": d + c, "var": (squares - d * sums) / n}


def by_loops(n, c, sums, squares):
    mean, var = np.zeros_like(c), np.zeros_like(c)
    for j in range(len(c)):
        mean[j] = c[j] + sums[j] / n
        var[j] = squares[j] / n - (sums[j] / n) ** 2
    return mean, var


def one_fraction(n, c, sums, squares):
    return [(n * c + sums) / n, (n * squares - sums**2) / n**2]


RIGHT = [in_one_line, sum_of_squares_first, factored, by_loops, one_fraction]


def shift_forgotten(n, c, sums, squares):
    return sums / n, squares / n - (sums / n) ** 2


def square_of_the_mean_of_x(n, c, sums, squares):
    mean = sums / n + c
    return mean, squares / n - mean * mean


def about_the_shift(n, c, sums, squares):
    return c + sums / n, squares / n


def with_bessel(n, c, sums, squares):
    return c + sums / n, (squares - sums**2 / n) / (n - 1)


def only_the_squares_with_bessel(n, c, sums, squares):
    return c + sums / n, squares / (n - 1) - (sums / n) ** 2


def the_deviation(n, c, sums, squares):
    return c + sums / n, np.sqrt(squares / n - (sums / n) ** 2)


def not_squared(n, c, sums, squares):
    d = sums / n
    return c + d, squares / n - d


def shift_divided_as_well(n, c, sums, squares):
    return (c + sums) / n, squares / n - (sums / n) ** 2


def sum_squared_and_not_the_mean(n, c, sums, squares):
    return c + sums / n, (squares - sums**2) / n


def variance_first(n, c, sums, squares):
    return squares / n - (sums / n) ** 2, c + sums / n


def shift_taken_back(n, c, sums, squares):
    total = sums + n * c
    raw = squares + 2 * c * sums + n * c**2
    return total / n, raw / n - (total / n) ** 2


WRONG = [
    (shift_forgotten, {"shift-missing-in-mean"}),
    (square_of_the_mean_of_x, {"shift-mean-of-x-squared"}),
    (about_the_shift, {"shift-about-the-constant"}),
    (with_bessel, {"shift-unbiased"}),
    (only_the_squares_with_bessel, {"shift-half-unbiased"}),
    (the_deviation, {"shift-root-taken"}),
    (not_squared, {"shift-offset-not-squared"}),
    (shift_divided_as_well, {"shift-divided-as-well"}),
    (sum_squared_and_not_the_mean, {"shift-sum-squared"}),
    (variance_first, {"shift-order"}),
    (shift_taken_back, {"shift-taken-back"}),
]
