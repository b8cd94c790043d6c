"""Answers to the exercise as people write them: right ones in many styles, and wrong ones."""

import math
from itertools import count

import numpy as np


def by_a_loop(factor, share):
    layers, left = 1, 1.0
    while left > share:
        left *= factor
        layers += 1
    return layers


def by_counting(factor, share):
    return next(layers for layers in count(1) if factor ** (layers - 1) <= share)


def with_a_base(factor, share):
    return 1 + math.ceil(math.log(share, factor))


def in_decades(factor, share):
    return np.ceil(np.log10(share) / np.log10(factor)) + 1


def by_a_table(factor, share):
    left = factor ** np.arange(1000.0)
    return np.flatnonzero(left <= share)[0] + 1


def recursively(factor, share):
    return 1 if share >= 1 else 1 + recursively(factor, share / factor)


RIGHT = [by_a_loop, by_counting, with_a_base, in_decades, by_a_table, recursively]


def steps_only(factor, share):
    return math.ceil(math.log(share) / math.log(factor))


def loop_from_one_factor(factor, share):
    layers, left = 0, 1.0
    while left > share:
        left *= factor
        layers += 1
    return layers


def loop_below(factor, share):
    layers, left = 1, 1.0
    while left >= share:
        left *= factor
        layers += 1
    return layers


def cut_to_int(factor, share):
    return int(math.log(share) / math.log(factor)) + 1


def without_rounding(factor, share):
    return math.log(share) / math.log(factor) + 1


def arguments_swapped(factor, share):
    return with_a_base(share, factor)


def one_log_is_natural(factor, share):
    return math.ceil(math.log10(share) / np.log(factor)) + 1


def squared_norms(factor, share):
    return math.ceil(math.log(share) / math.log(factor**2)) + 1


def how_often_it_goes_in(factor, share):
    return math.ceil(factor / share)


def divided_instead_of_logs(factor, share):
    return math.ceil(factor / share) + 1


WRONG = [
    (steps_only, {"depth-layers-for-steps"}),
    (loop_from_one_factor, {"depth-layers-for-steps"}),
    (loop_below, {"depth-strictly-below"}),
    (cut_to_int, {"depth-rounded-down"}),
    (without_rounding, {"depth-not-whole"}),
    (arguments_swapped, {"depth-upside-down"}),
    (one_log_is_natural, {"depth-mixed-logarithms"}),
    (squared_norms, {"depth-factor-squared"}),
    (how_often_it_goes_in, {"depth-without-logarithms", "depth-layers-for-steps"}),
    (divided_instead_of_logs, {"depth-without-logarithms"}),
    (lambda factor, share: round(math.log(share) / math.log(factor)), None),
    (lambda factor, share: 11, None),
    (lambda factor, share: [11], None),
]
