"""Answers to the exercise as people write them: right ones in many styles, and wrong ones."""

import math

import numpy as np
from scipy.stats import gmean


def geometric_mean(norms):
    return gmean(norms[:-1] / norms[1:])


def by_logarithms(norms):
    return float(np.exp((np.log(norms[0]) - np.log(norms[-1])) / (len(norms) - 1)))


def by_a_loop(norms):
    product = 1.0
    for near, far in zip(norms, norms[1:], strict=False):
        product *= near / far
    return product ** (1 / (len(norms) - 1))


def reversed_first(norms):
    back = norms[::-1]
    return np.prod(back[1:] / back[:-1]) ** (1 / back[1:].size)


def mean_of_differences(norms):
    return np.power(10, -np.diff(np.log10(norms)).mean())


def by_bisection(norms):
    low, high = 0.0, 1e6
    for _ in range(200):
        middle = (low + high) / 2
        too_large = norms[-1] * middle ** (len(norms) - 1) > norms[0]
        low, high = (low, middle) if too_large else (middle, high)
    return middle


RIGHT = [
    geometric_mean,
    by_logarithms,
    by_a_loop,
    reversed_first,
    mean_of_differences,
    by_bisection,
]


def mean_ratio(norms):
    return np.mean([norms[i] / norms[i + 1] for i in range(len(norms) - 1)])


def root_of_length(norms):
    return (norms[0] / norms[-1]) ** (1 / len(norms))


def away_from_the_input(norms):
    return (norms[-1] / norms[0]) ** (1 / (len(norms) - 1))


def slope_in_log(norms):
    return (math.log(norms[0]) - math.log(norms[-1])) / (len(norms) - 1)


def fitted_line(norms):
    slope = np.polyfit(range(len(norms)), np.log(norms), 1)[0]
    return np.exp(-slope)


def mean_of_ratios_forwards(norms):
    return (norms[1:] / norms[:-1]).mean()


def per_step_drop(norms):
    return (norms[0] - norms[-1]) / (len(norms) - 1)


def spread_evenly(norms):
    return norms[0] / norms[-1] / (len(norms) - 1)


def as_percent(norms):
    return 100 * by_logarithms(norms)


def largest_over_smallest(norms):
    return (min(norms) / max(norms)) ** (1 / (len(norms) - 1))


def rounded_for_the_table(norms):
    return round(float((norms[0] / norms[-1]) ** (1 / (len(norms) - 1))), 2)


WRONG = [
    (mean_ratio, {"factor-arithmetic-mean"}),
    (root_of_length, {"factor-of-layers-for-steps"}),
    (away_from_the_input, {"factor-forwards"}),
    (slope_in_log, {"factor-as-logarithm"}),
    (fitted_line, {"factor-of-a-line"}),
    (mean_of_ratios_forwards, {"factor-forwards", "factor-arithmetic-mean"}),
    (per_step_drop, {"factor-difference"}),
    (spread_evenly, {"factor-divided-by-steps"}),
    (as_percent, {"factor-in-percent"}),
    (lambda norms: norms[0] / norms[1], {"factor-near-the-input"}),
    (lambda norms: norms[:-1] / norms[1:], {"factor-for-each-step"}),
    (largest_over_smallest, {"factor-of-extremes"}),
    (rounded_for_the_table, {"factor-rounded"}),
]
