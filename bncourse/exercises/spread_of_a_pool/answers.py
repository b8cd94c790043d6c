"""Answers to the exercise as people give them."""

from fractions import Fraction

import numpy as np

RIGHT = [
    (0.2, 1 / 12, 1600),
    [0.2, 0.0833, 1600.0],
    (0.2, 0.083, 1600),
    np.array([0.2, 0.08333, 1600]),
    (Fraction(1, 5), Fraction(1, 12), 40**2),
    {"dense": 0.2, "convolution": 144**-0.5, "images": 1600},
]
WRONG = [
    ((0.04, 0.00694, 40), {"mean-error-without-root"}),
    ((0.04, 1 / 144, 1600), {"mean-error-squared"}),
    ((0.2, 1 / 144, 1600), {"mean-error-convolution-without-root"}),
    ((5, 12, 1600), {"mean-error-upside-down"}),
    ((0.2041, 0.0836, 1601), {"mean-error-of-one-less"}),
    ((20, 8.33, 1600), {"mean-error-in-percent"}),
    ((0.2, 0.333, 1600), {"mean-error-of-images-alone"}),
    ((0.2, 0.25, 1600), {"mean-error-of-positions-alone"}),
    ((0.2, 0.0208, 1600), {"mean-error-positions-without-root"}),
    ((0.2, 0.167, 200), {"mean-error-of-rows", "images-in-proportion"}),
    ((0.2, 0.0833, 40), {"images-without-square"}),
    ((0.2, 0.0833, 100), {"images-of-convolution"}),
    ((0.0833, 0.2, 1600), {"mean-errors-swapped"}),
    ((0.2, 0.1, 1600), {"mean-error-rounded"}),
    ((0.2, 0.0833), {"wrong-count"}),
    (0.2, {"wrong-count"}),
    ((0.2, 0.08, 1600), {"mean-error-rounded"}),
    ((0.2, 1600, 0.0833), {"mean-numbers-out-of-order"}),
    ((0.2, 1 / 6, 64), {"mean-error-of-rows", "images-as-multiple"}),
    ((0.1596, 0.0665, 1019), {"mean-absolute-error"}),
    ((0.1414, 0.0589, 800), {"error-of-a-spread"}),
    ((0.04, 0.0833, 1600), {"mean-error-dense-without-root"}),
    ((0.2, 12, 1600), {"mean-error-upside-down"}),
    ((0.05, 0.0833, 1600), {"mean-error-of-dense-positions"}),
    ((0.04, 0.0833, 40), {"mean-error-dense-without-root", "images-without-square"}),
]
