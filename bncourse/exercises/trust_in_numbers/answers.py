"""Answers to the exercise as people give them."""

from fractions import Fraction

import numpy as np

RIGHT = [
    (2 / 305, 700),
    [0.00656, 700],
    (0.0066, 696),  # the steps of the rounded rate
    np.array([0.006557, 699.98]),
    (Fraction(2, 305), np.int64(700)),
    {"update_rate": 0.00656, "steps": 701},
]
WRONG = [
    ((0.00625, 735), {"rate-in-proportion"}),
    ((0.025, 182), {"rate-a-quarter"}),
    ((8 / 308, 175), {"rate-by-the-root"}),
    ((8 / 612, 350), {"rate-on-half"}),
    ((0.007, 656), {"rate-rounded-too-far"}),
    ((0.1, 44), {"rate-left-at-default"}),
    ((0.9934, 700), {"weight-of-old-for-rate"}),
    ((0.00656, 44), {"steps-of-the-default"}),
    ((0.00656, 304), {"steps-with-mixed-logarithms"}),
    ((0.00656, 105), {"steps-to-one-half"}),
    ((0.9143, 2), {"rate-for-larger-batches"}),
    ((700, 0.00656), {"rate-and-steps-swapped"}),
    ((0.005, 919), {"rate-for-the-variance"}),
    ((1 / 304, 1398), {"rate-without-one-bracket"}),
    ((0.00656, 152.5), {"steps-inverse-of-rate"}),
    ((0.00656, 735), {"steps-of-rate-in-proportion"}),
    ((0.00625, 700), {"rate-alone-in-proportion"}),
    ((0.1, 700), {"rate-alone-at-default"}),
    (0.00656, {"wrong-count"}),
    ("0.00656", {"wrong-count"}),
]
