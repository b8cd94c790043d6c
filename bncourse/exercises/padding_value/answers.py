"""Answers to the exercise as people write them: right ones in many styles, and wrong ones."""

import numpy as np


def by_slope_and_shift(gamma, beta, mean, var, eps=1e-5):
    s = gamma / np.sqrt(var + eps)
    t = beta - s * mean
    return -t / s


def in_one_line(gamma, beta, mean, var, eps=1e-5):
    return mean - beta / gamma * (var + eps) ** 0.5


def by_loops(gamma, beta, mean, var, eps=1e-5):
    return [m - b * (v + eps) ** 0.5 / g for g, b, m, v in zip(gamma, beta, mean, var, strict=True)]


def from_two_points(gamma, beta, mean, var, eps=1e-5):
    def norm(x):
        return gamma * (x - mean) / np.sqrt(var + eps) + beta

    at_0, at_1 = norm(0.0), norm(1.0)
    return -at_0 / (at_1 - at_0)


def by_solving(gamma, beta, mean, var, eps=1e-5):
    slopes = np.diag(gamma / np.sqrt(var + eps))
    return mean + np.linalg.solve(slopes, -beta)


RIGHT = [by_slope_and_shift, in_one_line, by_loops, from_two_points, by_solving]


def what_the_norm_makes_of_zero(gamma, beta, mean, var, eps=1e-5):
    return gamma * (0 - mean) / np.sqrt(var + eps) + beta


def its_negative(gamma, beta, mean, var, eps=1e-5):
    s = gamma / np.sqrt(var + eps)
    return -(beta - s * mean)


def just_the_mean(gamma, beta, mean, var, eps=1e-5):
    return mean.copy()


def still_zeros(gamma, beta, mean, var, eps=1e-5):
    return np.zeros(len(mean))


def shift_over_slope(gamma, beta, mean, var, eps=1e-5):
    s = gamma / np.sqrt(var + eps)
    return (beta - s * mean) / s


def x_hat_of_zero(gamma, beta, mean, var, eps=1e-5):
    return -beta / gamma


def in_standard_deviations(gamma, beta, mean, var, eps=1e-5):
    x_hat = -beta / gamma
    return mean + x_hat


def divided_once_more(gamma, beta, mean, var, eps=1e-5):
    x_hat = -beta / gamma
    return mean + x_hat / np.sqrt(var + eps)


def forgetting_the_mean(gamma, beta, mean, var, eps=1e-5):
    return -beta * np.sqrt(var + eps) / gamma


def plus(gamma, beta, mean, var, eps=1e-5):
    return mean + np.sqrt(var + eps) * beta / gamma


def times_variance(gamma, beta, mean, var, eps=1e-5):
    return mean - beta / gamma * (var + eps)


WRONG = [
    (what_the_norm_makes_of_zero, {"fill-norm-of-zero"}),
    (its_negative, {"fill-not-divided-by-slope"}),
    (just_the_mean, {"fill-mean-alone"}),
    (still_zeros, {"fill-zeros"}),
    (shift_over_slope, {"fill-sign-turned"}),
    (x_hat_of_zero, {"fill-in-standard-deviations"}),
    (in_standard_deviations, {"fill-deviation-missing"}),
    (divided_once_more, {"fill-divided-by-deviation"}),
    (forgetting_the_mean, {"fill-mean-missing"}),
    (plus, {"fill-on-the-other-side"}),
    (times_variance, {"fill-variance-for-deviation"}),
]
