"""Answers to the exercise as people give them."""

from fractions import Fraction

import numpy as np

RIGHT = [(-1, 1), [-1.0, 1.0], np.array([-1, 1]), (-0.9999, 0.9999), (Fraction(-1), np.float32(1))]
WRONG = [
    ((-0.71, 0.71), {"unbiased-pair"}),
    ((-2, 2), {"pair-doubled"}),
    ((0, 0), {"pair-of-zeros"}),
    ((1, 1), {"pair-without-sign"}),
    ((-(2**0.5), 2**0.5), {"pair-times-root-of-two"}),
    ((0.5**0.5, -(0.5**0.5)), {"pair-reversed", "unbiased-pair"}),
    ((0.5, -0.5), {"pair-reversed", "pair-half"}),
    (np.array([[-1.0], [1.0]]), {"axes-of-one"}),
    ((-1, 1, 0), {"wrong-count"}),
    (1, {"wrong-count"}),
    ("-1, 1", {"wrong-count"}),
    (("-1", "one"), {"not-numbers"}),
]
