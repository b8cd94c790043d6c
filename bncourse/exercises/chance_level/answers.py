"""Answers to the exercise as people write them: right ones in many styles, and wrong ones."""

import math
from fractions import Fraction

import numpy as np
from scipy import stats


def with_scipy(rows, classes):
    return 100 * stats.binom.std(rows, 1 / classes) / rows


def with_numpy(rows, classes):
    return np.sqrt((classes - 1) / rows) / classes * 100


def from_a_list(rows, classes):
    answers = [100] + [0] * (classes - 1)
    return np.std(answers) / rows**0.5


def from_all_outcomes(rows, classes):
    right = np.arange(rows + 1)
    chance = stats.binom.pmf(right, rows, 1 / classes)
    percent = 100 * right / rows
    mean = (chance * percent).sum()
    return math.sqrt((chance * (percent - mean) ** 2).sum())


def with_fractions(rows, classes):
    p = Fraction(1, classes)
    return float(10_000 * p * (1 - p) / rows) ** 0.5


def three_digits(rows, classes):
    return float(f"{with_numpy(rows, classes):.4g}")


RIGHT = [
    with_scipy,
    with_numpy,
    from_a_list,
    from_all_outcomes,
    with_fractions,
    three_digits,
]


def simulated(rows, classes):
    rng = np.random.default_rng(0)
    return 100 * (rng.random((20, rows)) < 1 / classes).mean(1).std()


def how_many_deviations(rows, classes):
    p = 1 / classes
    sd = 100 * math.sqrt(p * (1 - p) / rows)
    return 5 / sd


def rounded_twice(rows, classes):
    p = round(1 / classes, 1)
    return round(100 * math.sqrt(p * (1 - p) / rows), 1)


def p_in_percent(rows, classes):
    p = 100 / classes
    return np.sqrt(p * (1 - p) / rows)


def p_before_the_root(rows, classes):
    p = 1 / classes
    return 100 * p * math.sqrt((1 - p) / rows)


WRONG = [
    (lambda n, k: 100 * (1 / k) * (1 - 1 / k) / n, {"root-of-chance-forgotten"}),
    (lambda n, k: 100 * math.sqrt((k - 1) / n), {"chance-relative-to-mean"}),
    (lambda n, k: 100 * math.sqrt(1 // k * (1 - 1 // k) / n), {"chance-by-whole-division"}),
    (lambda n, k: math.sqrt(1 / k * (1 - 1 / k) / n), {"share-not-points"}),
    (lambda n, k: math.sqrt(n * (1 / k) * (1 - 1 / k)), {"count-for-share"}),
    (lambda n, k: 100 * math.sqrt((k - 1) / k**2), {"chance-of-one-row"}),
    (lambda n, k: 100 * math.sqrt(1 / k * (1 - 1 / k)) / n, {"chance-divided-by-rows"}),
    (lambda n, k: 100 * (k - 1) / k**2 / math.sqrt(n), {"product-outside-root"}),
    (lambda n, k: 100 / math.sqrt(k * n), {"wrong-answers-forgotten"}),
    (lambda n, k: 100 / math.sqrt(n) / 2, {"chance-of-a-half"}),
    (lambda n, k: 100 * math.sqrt(0.09 / n), {"classes-always-ten"}),
    (lambda n, k: 100 * math.sqrt((k - 1) / k**2 / (n - 1)), {"chance-by-n-minus-one"}),
    (lambda n, k: (k - 1) / k**2 / n, {"chance-variance"}),
    (lambda n, k: math.sqrt(100 * (k - 1) / k**2 / n), {"percent-before-root"}),
    (lambda n, k: 100 / k, {"chance-itself"}),
    (lambda n, k: 0.95, None),
    (simulated, None),
    (lambda n, k: 100 * math.sqrt((1 - 1 / k) / n), {"rows-of-one-class"}),
    (lambda n, k: 100 / math.sqrt(n), {"variance-of-an-answer-is-one"}),
    (lambda n, k: f"{100 / k}", {"not-numbers"}),
    (how_many_deviations, {"deviations-for-spread"}),
    (rounded_twice, {"chance-rounded", "spread-rounded"}),
    (p_in_percent, {"chance-in-percent"}),
    (lambda n, k: 100 / k / math.sqrt(n), {"deviation-is-chance"}),
    (
        lambda n, k: 2 * math.sqrt((k - 1) / k**2 / n),
        {"share-not-points", "two-deviations-of-chance"},
    ),
    (p_before_the_root, {"chance-left-of-the-root"}),
]
