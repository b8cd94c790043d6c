"""Answers to the exercise as people write them: right ones in many styles, and wrong ones."""

import numpy as np


def with_methods(slopes, values):
    return (slopes**2).mean() / values.var(), slopes.mean() ** 2 / values.var()


def by_hand(slopes, values):
    n = len(values)
    centre = sum(values) / n
    var = sum((v - centre) ** 2 for v in values) / n
    return sum(s * s for s in slopes) / n / var, (sum(slopes) / n) ** 2 / var


def by_moments(slopes, values):
    var = np.mean(values**2) - np.mean(values) ** 2
    return np.mean(np.square(slopes)) / var, np.square(np.mean(slopes)) / var


def by_dots(slopes, values):
    values = values - values.mean()
    return slopes @ slopes / (values @ values), slopes.sum() ** 2 / len(slopes) / (values @ values)


def kept_from_growth(slopes, values):
    growth = np.mean(slopes**2) / np.std(values) ** 2
    return growth, growth * np.mean(slopes) ** 2 / np.mean(slopes**2)


def with_variances(slopes, values):
    square = np.mean(slopes) ** 2
    return (np.var(slopes) + square) / np.var(values), square / np.var(values)


RIGHT = [with_methods, by_hand, by_moments, by_dots, kept_from_growth, with_variances]


def mean_squares(slopes, values):
    return np.mean(slopes**2) / np.mean(values**2), np.mean(slopes) ** 2 / np.mean(values**2)


def divided_by_std(slopes, values):
    return np.mean(slopes**2) / values.std(), np.mean(slopes) ** 2 / values.std()


def sample_variance(slopes, values):
    var = np.sum((values - np.mean(values)) ** 2) / (len(values) - 1)
    return np.mean(slopes**2) / var, np.mean(slopes) ** 2 / var


def slopes_alone(slopes, values):
    return np.mean(slopes**2), np.mean(slopes) ** 2


def mean_first(slopes, values):
    both = np.mean(slopes) ** 2 / np.var(values)
    return both, both


def of_the_norm(slopes, values):
    growth, kept = with_methods(slopes, values)
    return growth**0.5, kept**0.5


def other_order(slopes, values):
    return with_methods(slopes, values)[::-1]


def upside_down(slopes, values):
    growth, kept = with_methods(slopes, values)
    return 1 / growth, 1 / kept


WRONG = [
    (mean_squares, {"growth-over-mean-square"}),
    (divided_by_std, {"growth-over-deviation"}),
    (sample_variance, {"growth-over-unbiased"}),
    (slopes_alone, {"growth-without-spread"}),
    (mean_first, {"growth-from-square-of-mean"}),
    (of_the_norm, {"growth-of-the-norm"}),
    (other_order, {"growth-and-kept-swapped"}),
    (upside_down, None),
    (lambda slopes, values: (1.0, 1.0), None),
]
