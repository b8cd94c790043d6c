"""Answers to the exercise as people give them."""

from fractions import Fraction

import numpy as np

RIGHT = [(-1, 1), [-1.0, 1.0], np.array([-1, 1]), (-0.9999, 0.9999), (Fraction(-1), np.float32(1))]
WRONG = [
    ((-0.71, 0.71), {"unbiased-pair"}),
    ((-2, 2), None),
    ((0, 0), None),
    ((-1, 1, 0), {"wrong-count"}),
    (1, {"wrong-count"}),
    ("-1, 1", {"wrong-count"}),
    (("-1", "one"), {"not-numbers"}),
]
