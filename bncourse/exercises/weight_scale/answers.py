"""Answers to the exercise as people write them: right ones in many styles, and wrong ones."""

import math

import numpy as np
from scipy.optimize import brentq


def with_powers(fan_in, fan_out, activation):
    n = fan_in / 2 if activation == "relu" else (fan_in + fan_out) / 2
    return n**-0.5


def with_a_gain(fan_in, fan_out, activation):
    gain = {"linear": 1, "tanh": 1, "relu": 2**0.5}[activation]
    count = fan_in if activation == "relu" else 0.5 * fan_in + 0.5 * fan_out
    return gain / math.sqrt(count)


def with_numpy(fan_in, fan_out, activation):
    fans = np.array([fan_in, fan_in] if activation == "relu" else [fan_in, fan_out])
    share = np.where(activation == "relu", 0.5, 1.0)
    return np.sqrt(1 / (share * fans.mean()))


def from_the_bound_of_a_uniform(fan_in, fan_out, activation):
    bound = math.sqrt(6 / fan_in if activation == "relu" else 6 / (fan_in + fan_out))
    return bound / math.sqrt(3)


def by_solving(fan_in, fan_out, activation):
    def excess(s):
        forwards, backwards = fan_in * s**2, fan_out * s**2
        return forwards / 2 - 1 if activation == "relu" else (forwards + backwards) / 2 - 1

    return brentq(excess, 0, 10, xtol=1e-14, rtol=1e-14)


def by_match(fan_in, fan_out, activation):
    match activation:
        case "relu":
            return np.float64(np.sqrt(2.0) / np.sqrt(fan_in))
        case "tanh" | "linear":
            return np.float64(np.sqrt(2.0) / np.sqrt(fan_in + fan_out))


RIGHT = [
    with_powers,
    with_a_gain,
    with_numpy,
    from_the_bound_of_a_uniform,
    by_solving,
    by_match,
]


def variances(fan_in, fan_out, activation):
    return 2 / fan_in if activation == "relu" else 2 / (fan_in + fan_out)


def always_xavier(fan_in, fan_out, activation):
    return (2 / (fan_in + fan_out)) ** 0.5


def always_he(fan_in, fan_out, activation):
    return (2 / fan_in) ** 0.5


def one_over_the_sum(fan_in, fan_out, activation):
    return math.sqrt(2 / fan_in if activation == "relu" else 1 / (fan_in + fan_out))


def lecun_for_all_but_relu(fan_in, fan_out, activation):
    return math.sqrt((2 if activation == "relu" else 1) / fan_in)


def he_with_fan_out(fan_in, fan_out, activation):
    return math.sqrt(2 / (fan_out if activation == "relu" else fan_in + fan_out))


def gains_of_pytorch(fan_in, fan_out, activation):
    gain = {"linear": 1, "tanh": 5 / 3, "relu": math.sqrt(2)}[activation]
    return gain / math.sqrt(fan_in if activation == "relu" else (fan_in + fan_out) / 2)


def bounds(fan_in, fan_out, activation):
    return math.sqrt(6 / fan_in if activation == "relu" else 6 / (fan_in + fan_out))


def xavier_with_gain_of_relu(fan_in, fan_out, activation):
    gain = math.sqrt(2) if activation == "relu" else 1
    return gain * math.sqrt(2 / (fan_in + fan_out))


def fans_swapped_everywhere(fan_in, fan_out, activation):
    return with_powers(fan_out, fan_in, activation)


def naive(fan_in, fan_out, activation):
    return 1 / math.sqrt(3 * fan_in)


def mean_of_the_two_stds(fan_in, fan_out, activation):
    if activation == "relu":
        return np.sqrt(2 / fan_in)
    forward, backward = 1 / np.sqrt(fan_in), 1 / np.sqrt(fan_out)
    return (forward + backward) / 2


def integer_mean(fan_in, fan_out, activation):
    if activation == "relu":
        return (2 / fan_in) ** 0.5
    return (1 / ((fan_in + fan_out) // 2)) ** 0.5


def uniform_limit_and_variance(fan_in, fan_out, activation):
    if activation == "relu":
        return 2 / fan_in
    return math.sqrt(6.0 / (fan_in + fan_out))


WRONG = [
    (variances, {"weights-variance"}),
    (always_xavier, {"weights-xavier-for-all"}),
    (always_he, {"weights-he-for-all"}),
    (one_over_the_sum, {"weights-xavier-over-sum"}),
    (lecun_for_all_but_relu, {"weights-xavier-over-inputs"}),
    (he_with_fan_out, {"weights-he-over-outputs"}),
    (fans_swapped_everywhere, {"weights-he-over-outputs"}),
    (gains_of_pytorch, {"weights-tanh-gain"}),
    (bounds, {"weights-bound-of-uniform"}),
    (xavier_with_gain_of_relu, {"weights-he-over-both"}),
    (naive, {"weights-naive"}),
    (mean_of_the_two_stds, {"weights-xavier-mean-of-roots"}),
    (integer_mean, {"weights-xavier-whole-mean"}),
    (uniform_limit_and_variance, {"weights-he-variance", "weights-xavier-bound"}),
    (lambda fan_in, fan_out, activation: 1 / math.sqrt(fan_in), {"weights-inputs-for-all"}),
    (lambda fan_in, fan_out, activation: 0.02, None),
    (lambda fan_in, fan_out, activation: np.zeros((fan_in, fan_out)), {"shape"}),
]
