"""Answers to the exercise as people give them."""

from math import ceil, log, log2

import numpy as np


def _by_counting(kept):
    left, steps = 1.0, 0
    while left >= 1 / 20:
        left *= kept
        steps += 1
    return steps


RIGHT = [
    (299, 29),
    [299.0, 29.0],
    np.array([299, 29]),
    (_by_counting(0.99), _by_counting(0.9)),
    (ceil(log2(0.05) / log2(0.99)), ceil(log2(0.05) / log2(0.9))),
    (1 + log(0.05) // log(0.99), 1 + log(0.05) // log(0.9)),
]
WRONG = [
    ((459, 44), {"hundredth-left"}),
    ((2000, 200), {"twenty-time-constants"}),
    ((299, 30), {"averages-by-ratio"}),
    ((298, 28), {"average-rounded-down"}),
    ((298.07, 28.43), {"average-not-rounded"}),
    ((300, 30), {"three-time-constants"}),
    ((100, 10), {"one-time-constant"}),
    ((95, 10), {"kept-share-subtracted"}),
    ((6, 1), {"twentieth-gone"}),
    ((69, 7), {"half-left"}),
    ((230, 22), {"tenth-left"}),
    ((1, 2), {"momentum-of-the-other-library"}),
    ((29, 299), {"averages-swapped"}),
    ((10, 1), {"epochs-for-steps"}),
    ((299, 299), {"averages-same-share"}),
    ((310, 31), None),
    (299, {"wrong-count"}),
    (lambda kept: log(0.05) / log(kept), {"callable"}),
    ((130, 13), {"logarithms-mixed"}),
    ((2995, 299), {"averages-of-other-shares"}),
    ((299, 28), {"average-rounded-down"}),
    ((298, 29), {"average-rounded-down"}),
    ((299, 28.43), {"average-not-rounded"}),
    ((298.1, 28.4), {"average-not-rounded"}),
    ((229, 22), {"tenth-left", "average-rounded-down"}),
    ((28, 298), {"average-rounded-down", "averages-swapped"}),
    ((300, 29), {"three-time-constants"}),
    ((299, 22), {"tenth-left"}),
    ((290, 29), {"averages-by-ratio"}),
]
