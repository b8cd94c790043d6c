"""Answers to the exercise as people give them."""

from fractions import Fraction
from math import sqrt

import numpy as np

x = np.random.default_rng(0).normal(size=(4, 1))
big = np.random.default_rng(1).normal(size=256)

RIGHT = [
    (sqrt(3 / 4), sqrt(255 / 256)),
    [0.866, 0.998],
    np.sqrt([3, 255]) / np.array([2, 16]),
    (x.std() / x.std(ddof=1), big.std() / big.std(ddof=1)),
    (np.float32(0.8660254), Fraction(998, 1000)),
    np.sqrt(1 - 1 / np.array([4.0, 256.0])),
]
WRONG = [
    ((0.87, 1.00), {"factors-to-two-decimals"}),
    ((1.155, 0.998), {"first-factor-upside-down"}),
    ((0.75, 0.998), {"first-factor-without-root"}),
    ((0.866, 0.996), {"second-factor-without-root"}),
    ((sqrt(2 / 3), sqrt(254 / 255)), {"factor-with-two-less"}),
    ((1 / 2, 1 / 16), {"factor-of-standard-error"}),
    ((0.134, 0.002), {"change-with-other-sign"}),
    ((0.866, 0.9985), None),
    ((1.155, 1.002), {"factor-upside-down"}),
    ((0.75, 0.996), {"factor-without-root"}),
    ((4 / 3, 256 / 255), {"factor-of-variances"}),
    ((0.998, 0.866), {"batches-swapped"}),
    ((86.6, 99.8), {"factor-in-percent"}),
    ((-0.13397, -0.0019550), {"change-for-factor"}),
    ((0.13397, 0.0019550), {"change-with-other-sign"}),
    ((sqrt(4 / 5), sqrt(256 / 257)), {"factor-with-one-more"}),
    ((0.866, 1), {"second-factor-rounded"}),
    ((0.866, 0.866), None),
    (0.866, {"wrong-count"}),
    ((1, 1), {"factor-of-one"}),
    ((sqrt(3), sqrt(255)), {"factor-without-count"}),
    ((0.75, 0.99), {"factor-without-root", "factors-cut-to-two-decimals"}),
    ((0.87, 0.998), {"first-factor-rounded"}),
    (lambda n: sqrt((n - 1) / n), {"callable"}),
    ((3**-0.5, 255**-0.5), {"factor-of-their-deviation-alone"}),
]
