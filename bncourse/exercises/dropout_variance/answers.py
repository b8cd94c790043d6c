"""Answers to the exercise as people write them: right ones in many styles, and wrong ones."""

import numpy as np


def in_one_fraction(mean, var, rate):
    return (var + rate * mean**2) / (1 - rate)


def variance_of_a_product(mean, var, rate):
    keep = 1 - rate
    mask_var = keep * (1 - keep) / keep**2
    return var * mask_var + var + mask_var * mean * mean


def from_two_cases(mean, var, rate):
    """Average the variances of the two cases, and add the variance of their means."""
    scaled_mean, scaled_var = mean / (1 - rate), var / (1 - rate) ** 2
    within = (1 - rate) * scaled_var
    between = (1 - rate) * (scaled_mean - mean) ** 2 + rate * (0 - mean) ** 2
    return within + between


def by_loops(mean, var, rate):
    result = []
    for m, v in zip(mean.tolist(), var.tolist(), strict=True):
        result.append((v + m * m) / (1 - rate) - m * m)
    return np.array(result)


def by_counting_values(mean, var, rate):
    """Two values, mean ± deviation, stand for the feature; each is kept or dropped."""
    values = np.stack([mean - np.sqrt(var), mean + np.sqrt(var)]) / (1 - rate)
    mean_square = (1 - rate) * (values**2).mean(0)
    return mean_square - ((1 - rate) * values.mean(0)) ** 2


def as_an_increase(mean, var, rate):
    return var + np.square(mean) * rate / (1 - rate) + var * (1 / (1 - rate) - 1)


RIGHT = [
    in_one_fraction,
    variance_of_a_product,
    from_two_cases,
    by_loops,
    by_counting_values,
    as_an_increase,
]


def divided_by_keep(mean, var, rate):
    return var / (1 - rate)


def divided_by_keep_squared(mean, var, rate):
    return var / (1 - rate) ** 2


def without_scaling(mean, var, rate):
    keep = 1 - rate
    return keep * (var + mean**2) - (keep * mean) ** 2


def rate_for_keep(mean, var, rate):
    return (var + mean**2) / rate - mean**2


def of_squares(mean, var, rate):
    return (var + mean**2) / (1 - rate)


def unchanged(mean, var, rate):
    return var


def mean_as_it_is(mean, var, rate):
    return (var + rate * mean) / (1 - rate)


def bernoulli_added(mean, var, rate):
    return var + rate * (1 - rate) * mean**2


def product_rule_cut_short(mean, var, rate):
    return var * rate / (1 - rate)


def one_plus_rate(mean, var, rate):
    return var * (1 + rate)


def simulated(mean, var, rate):
    rng = np.random.default_rng(0)
    x = rng.normal(mean, np.sqrt(var), (2000, len(mean)))
    return (x * (rng.random(x.shape) >= rate) / (1 - rate)).var(0)


def averaged_over_features(mean, var, rate):
    m2 = np.mean(mean**2)
    return np.mean(var + rate * m2) / (1 - rate) * np.ones_like(var)


def mask_of_zeros_and_ones(mean, var, rate):
    return var / (1 - rate) + mean**2 * rate * (1 - rate)


WRONG = [
    (divided_by_keep, {"dropout-mean-forgotten"}),
    (divided_by_keep_squared, {"dropout-scaled-only"}),
    (without_scaling, {"dropout-not-scaled"}),
    (rate_for_keep, {"dropout-rate-swapped"}),
    (of_squares, {"dropout-mean-square"}),
    (unchanged, {"dropout-of-evaluation"}),
    (mean_as_it_is, {"dropout-mean-not-squared"}),
    (bernoulli_added, {"dropout-variance-left-mean-not-scaled"}),
    (product_rule_cut_short, {"dropout-product-of-variances"}),
    (lambda mean, var, rate: np.sqrt(in_one_fraction(mean, var, rate)), {"dropout-deviation"}),
    (averaged_over_features, {"dropout-features-averaged"}),
    (
        lambda mean, var, rate: np.mean((var + mean**2) / rate - mean**2),
        {"dropout-rate-swapped", "dropout-features-averaged"},
    ),
    (lambda mean, var, rate: in_one_fraction(var, mean, rate), None),
    (one_plus_rate, None),
    (simulated, None),
    (mask_of_zeros_and_ones, {"dropout-mean-by-mask-of-ones"}),
]
