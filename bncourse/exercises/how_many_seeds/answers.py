"""Answers to the exercise as people write them: right ones in many styles, and wrong ones."""

import math
from fractions import Fraction

import numpy as np
from scipy import stats


def with_numpy(half_width, seeds, wanted):
    return np.ceil(seeds * np.square(half_width / wanted))


def as_an_integer(half_width, seeds, wanted):
    return int(np.ceil(seeds * half_width**2 / wanted**2))


def upside_down(half_width, seeds, wanted):
    return -int(-seeds * (half_width / wanted) ** 2 // 1)


def by_counting(half_width, seeds, wanted):
    n = 1
    while half_width * math.sqrt(seeds / n) > wanted:
        n += 1
    return n


def from_the_spread(half_width, seeds, wanted):
    spread = half_width * math.sqrt(seeds)
    return math.ceil((spread / wanted) ** 2)


def with_fractions(half_width, seeds, wanted):
    ratio = Fraction(str(half_width)) / Fraction(str(wanted))
    return math.ceil(seeds * ratio**2)


RIGHT = [with_numpy, as_an_integer, upside_down, from_the_spread, with_fractions, by_counting]


def with_the_quantile(half_width, seeds, wanted):
    spread = half_width / stats.t.ppf(0.975, seeds - 1) * math.sqrt(seeds)
    count = np.arange(2, 4000)
    return count[stats.t.ppf(0.975, count - 1) * spread / np.sqrt(count) <= wanted][0]


def textbook_formula(half_width, seeds, wanted):
    return math.ceil((1.96 * half_width / wanted) ** 2)


def additional_and_linear(half_width, seeds, wanted):
    factor = half_width / wanted
    return int((factor - 1) * seeds)


def strictly_narrower(half_width, seeds, wanted):
    n = seeds
    while half_width / math.sqrt(n / seeds) >= wanted:
        n += 1
    return n


def deviation_and_normal_quantile(half_width, seeds, wanted):
    s = half_width / stats.t.ppf(0.975, seeds - 1) * math.sqrt(seeds)
    return math.ceil((1.96 * s / wanted) ** 2)


def still_missing(half_width, seeds, wanted):
    return max(0, math.ceil(seeds * (half_width / wanted) ** 2) - seeds)


WRONG = [
    (lambda h, n, w: max(n, math.ceil(n * (h / w) ** 2)), {"never-fewer-seeds"}),
    (lambda h, n, w: n * math.ceil(h / w) ** 2, {"ratio-of-widths-rounded"}),
    (lambda h, n, w: math.ceil(math.sqrt(n) * h / w) ** 2, {"root-of-seeds-rounded"}),
    (with_the_quantile, {"quantile-of-more-seeds"}),
    (lambda h, n, w: math.ceil(n * h / w), {"width-shrinks-with-n"}),
    (lambda h, n, w: math.ceil(n * math.sqrt(h / w)), {"seeds-by-root"}),
    (lambda h, n, w: math.ceil(n * (w / h) ** 2), {"ratio-of-widths-inverted"}),
    (lambda h, n, w: math.ceil(n * (2 * h / w) ** 2), {"whole-width-for-half"}),
    (lambda h, n, w: n * (h / w) ** 2, {"seeds-not-rounded"}),
    (lambda h, n, w: int(n * (h / w) ** 2), {"seeds-rounded-down"}),
    (lambda h, n, w: n * (h / w) ** 2 // 1, {"seeds-rounded-down"}),
    (lambda h, n, w: round(n * (h / w) ** 2), {"seeds-rounded-to-nearest"}),
    (lambda h, n, w: int(n * (h / w) ** 2) + 1, {"one-seed-too-many"}),
    (lambda h, n, w: math.ceil((h / w) ** 2), {"first-seeds-forgotten"}),
    (lambda h, n, w: math.ceil(n * (h / w) ** 2) - n, {"further-seeds-alone"}),
    (lambda h, n, w: n * h / w, {"width-shrinks-with-n", "seeds-not-rounded"}),
    (lambda h, n, w: n * math.ceil((h / w) ** 2), {"seeds-rounded-too-early"}),
    (lambda h, n, w: (n, h), {"shape"}),
    (lambda h, n, w: n, None),
    (lambda h, n, w: "160", {"not-numbers"}),
    (textbook_formula, {"half-width-for-deviation"}),
    (additional_and_linear, {"seeds-in-proportion-to-gain", "seeds-rounded-down"}),
    (strictly_narrower, {"one-seed-too-many", "never-fewer-seeds"}),
    (deviation_and_normal_quantile, {"quantile-left-over"}),
    (lambda h, n, w: int(n * (h / w) ** 2) - n, {"seeds-rounded-down", "further-seeds-alone"}),
    (lambda h, n, w: n + math.ceil(n * (h / w) ** 2), {"first-seeds-added"}),
    (lambda h, n, w: math.ceil(math.sqrt(n) * h / w), {"root-of-the-number"}),
    (still_missing, {"further-seeds-alone"}),
]
