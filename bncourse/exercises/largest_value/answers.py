"""Answers to the exercise as people give them."""

import numpy as np

d = 3.0
deviations = np.full(8, -d / 7)
deviations[2] = d

RIGHT = [
    [0, 0, 0, 0, 1],
    (7, 7, 7, -2, 7, 7),
    np.eye(32)[0],
    deviations,
    np.array([[5.0], [5.0], [5.0], [5.0], [80.0]]),
    0.1 * np.array([1, 1, 1, 1, 1, 1, 1e6]),
    np.r_[np.repeat(0.1 + 0.2, 4), 0.3, 12],
]
WRONG = [
    ([0, 1, 2, 3, 1e9], {"several-apart"}),
    ([0, 1e-7, 2e-7, 0, 1], {"several-apart"}),
    ([[0, 0, 0, 0, 1]], {"raises-reading"}),
    ([0, 1], {"fewer-than-five"}),
    ([0, 0, 0, 1], {"fewer-than-five"}),
    ([1, 1, 1, 1, 1], {"constant-batch"}),
    ([-1, 1, -1, 1, -1, 1], {"several-apart"}),
    ([0, 0, 0, 1, 1], {"several-apart"}),
    ([1, 2, 3, 4, 100], {"several-apart"}),
    ([0, 0.1, 0, 0, 1e3], {"several-apart"}),
    ([1, 2, 3], {"fewer-than-five", "several-apart"}),
    ([0, 0, 0, 0, float("inf")], {"raises-reading"}),
    (np.eye(5), {"raises-reading"}),
    ("one of five", {"raises-reading"}),
    ([5], {"fewer-than-five", "constant-batch"}),
    (2.0, {"raises-reading"}),
    ([[0, 0], [0, 0], [0, 0], [0, 0], [1, 2]], {"raises-reading"}),
    ([], {"raises-reading"}),
    (lambda: [0, 0, 0, 0, 1], {"callable"}),
]
