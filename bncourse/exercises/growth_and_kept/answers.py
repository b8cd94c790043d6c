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


def of_the_normalised_function(slopes, values):
    g = slopes / values.std()
    return np.array([(g**2).mean(), g.mean() ** 2])


RIGHT = [
    with_methods,
    by_hand,
    by_moments,
    by_dots,
    kept_from_growth,
    with_variances,
    of_the_normalised_function,
]


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


def norm_not_squared(slopes, values):
    v = np.var(values)
    return np.sqrt(np.mean(slopes**2) / v), np.mean(slopes) ** 2 / v


def kept_relative_to_the_slopes(slopes, values):
    growth = np.mean(np.square(slopes)) / np.var(values)
    kept = np.mean(slopes) ** 2 / np.mean(slopes**2)
    return growth, kept


def both_the_same(slopes, values):
    a = np.mean(slopes**2) / np.var(values)
    return a, a


def variance_of_the_slopes(slopes, values):
    return np.var(slopes) / np.var(values), np.mean(slopes) ** 2 / np.var(values)


def he_factor(slopes, values):
    return 2 * np.mean(slopes**2), 2 * np.mean(slopes) ** 2


def kept_as_correlation_of_the_arrays(slopes, values):
    growth = np.mean(slopes**2) / np.var(values)
    return growth, np.corrcoef(slopes, values)[0, 1]


def kept_by_the_mean_offset(slopes, values):
    growth = np.mean(slopes**2) / np.mean(values**2)
    kept = np.var(values) / np.mean(values**2)
    return growth, kept


def summed_not_averaged(slopes, values):
    v = np.var(values)
    return np.linalg.norm(slopes) ** 2 / v, np.sum(slopes) ** 2 / v


def kept_without_the_square(slopes, values):
    v = np.var(values)
    return np.mean(slopes**2) / v, np.mean(slopes) / np.sqrt(v)


def kept_without_signs(slopes, values):
    v = np.var(values)
    return np.mean(slopes**2) / v, np.mean(np.abs(slopes)) ** 2 / v


WRONG = [
    (mean_squares, {"growth-over-mean-square"}),
    (divided_by_std, {"growth-over-deviation"}),
    (sample_variance, {"growth-over-unbiased"}),
    (slopes_alone, {"growth-without-spread"}),
    (mean_first, {"growth-from-square-of-mean"}),
    (of_the_norm, {"growth-of-the-norm", "kept-of-deviations"}),
    (other_order, {"growth-and-kept-swapped"}),
    (upside_down, {"fraction-upside-down"}),
    (lambda slopes, values: (1.0, 1.0), None),
    (norm_not_squared, {"growth-of-the-norm"}),
    (kept_relative_to_the_slopes, {"kept-relative-to-slopes"}),
    (both_the_same, {"kept-from-mean-of-squares"}),
    (variance_of_the_slopes, {"growth-from-variance-of-slopes"}),
    (he_factor, {"factor-two-for-batch-norm"}),
    (kept_as_correlation_of_the_arrays, {"kept-as-correlation"}),
    (kept_by_the_mean_offset, {"growth-over-mean-square", "kept-from-values-alone"}),
    (summed_not_averaged, {"sums-for-means"}),
    (kept_without_the_square, {"kept-of-deviations"}),
    (kept_without_signs, {"kept-without-signs"}),
]
