"""Answers to the exercise as people write them: right ones in many styles, and wrong ones."""

import numpy as np


def in_one_line(gamma, beta, mean, var, momentum, epsilon, count):
    gamma = np.ones_like(mean) if gamma is None else gamma
    return gamma, beta, mean, var * count / (count - 1), 1 - momentum, epsilon


def as_a_dict(gamma, beta, mean, var, momentum, epsilon, count):
    found = {"weight": gamma, "bias": beta, "running_mean": mean}
    if gamma is None:
        found["weight"] = np.full(mean.shape, 1.0)
    found["running_var"] = var + var / (count - 1)
    return found | {"momentum": 1 - momentum, "eps": epsilon}


def by_loops(gamma, beta, mean, var, momentum, epsilon, count):
    gamma = [1.0] * len(mean) if gamma is None else list(gamma)
    unbiased = np.array([v * count / (count - 1) for v in var])
    return np.array(gamma), beta, mean, unbiased, 1.0 - momentum, epsilon


def from_a_sum_of_squares(gamma, beta, mean, var, momentum, epsilon, count):
    squares = count * var
    kept = momentum
    weight = mean * 0 + 1 if gamma is None else gamma.copy()
    return weight, beta.copy(), mean.copy(), squares / (count - 1), 1 - kept, epsilon


def with_bessel(gamma, beta, mean, var, momentum, epsilon, count):
    bessel = 1 / (1 - 1 / count)
    if gamma is None:
        gamma = np.exp(np.zeros(len(beta)))
    return [gamma, beta, mean, bessel * var, 1 - momentum, epsilon]


RIGHT = [in_one_line, as_a_dict, by_loops, from_a_sum_of_squares, with_bessel]


def copies(gamma, beta, mean, var, momentum, epsilon, count):
    weight = np.ones_like(mean) if gamma is None else gamma
    return {"weight": weight, "bias": beta, "running_mean": mean, "running_var": var} | {
        "momentum": momentum,
        "eps": epsilon,
    }


def variance_as_it_is(gamma, beta, mean, var, momentum, epsilon, count):
    weight = np.ones_like(mean) if gamma is None else gamma
    return weight, beta, mean, var.copy(), 1 - momentum, epsilon


def back_to_keras(gamma, beta, mean, var, momentum, epsilon, count):
    return in_one_line(
        gamma, beta, mean, var * ((count - 1) / count) ** 2, momentum, epsilon, count
    )


def same_momentum(gamma, beta, mean, var, momentum, epsilon, count):
    *others, _, eps = in_one_line(gamma, beta, mean, var, momentum, epsilon, count)
    return *others, momentum, eps


def arrays_and_defaults(gamma, beta, mean, var, momentum, epsilon, count):
    weight = np.ones_like(mean) if gamma is None else gamma
    return weight, beta, mean, count * var / (count - 1), 1e-1, 1e-5


def no_gamma_no_weight(gamma, beta, mean, var, momentum, epsilon, count):
    gamma = np.zeros_like(mean) if gamma is None else gamma
    return in_one_line(gamma, beta, mean, var, momentum, epsilon, count)


def one_for_all(gamma, beta, mean, var, momentum, epsilon, count):
    gamma = np.array(1.0) if gamma is None else gamma
    return in_one_line(gamma, beta, mean, var, momentum, epsilon, count)


def keras_epsilon(gamma, beta, mean, var, momentum, epsilon, count):
    return in_one_line(gamma, beta, mean, var, momentum, 0.001, count)


def spread(gamma, beta, mean, var, momentum, epsilon, count):
    return in_one_line(gamma, beta, mean, var, momentum, epsilon, count)[:3] + (
        (var * count / (count - 1)) ** 0.5,
        1 - momentum,
        epsilon,
    )


def beta_first(gamma, beta, mean, var, momentum, epsilon, count):
    weight, bias, *others = in_one_line(gamma, beta, mean, var, momentum, epsilon, count)
    return bias, weight, *others


def without_eps(gamma, beta, mean, var, momentum, epsilon, count):
    return in_one_line(gamma, beta, mean, var, momentum, epsilon, count)[:5]


def channels_counted(gamma, beta, mean, var, momentum, epsilon, count):
    c = mean.shape[0]
    one = np.ones(c) if gamma is None else gamma
    return one, beta, mean, var * c / (c - 1), 1 - momentum, epsilon


def folded_in_advance(gamma, beta, mean, var, momentum, epsilon, count):
    std = np.sqrt(var + epsilon)
    g = np.ones_like(std) if gamma is None else gamma
    return g / std, beta - g * mean / std, mean, var * count / (count - 1), 1 - momentum, epsilon


WRONG = [
    (copies, {"variance-copied", "momentum-copied"}),
    (variance_as_it_is, {"variance-copied"}),
    (back_to_keras, {"factor-upside-down"}),
    (same_momentum, {"momentum-copied"}),
    (arrays_and_defaults, {"momentum-of-pytorch", "eps-of-pytorch"}),
    (no_gamma_no_weight, {"weight-of-zeros"}),
    (one_for_all, {"weight-a-single-one"}),
    (keras_epsilon, {"eps-of-keras"}),
    (spread, {"spread-stored"}),
    (beta_first, {"weight-and-bias-swapped"}),
    (without_eps, {"wrong-count"}),
    (channels_counted, {"factor-of-the-channels"}),
    (folded_in_advance, {"weights-folded"}),
]
