"""Forwards, each output is a sum of fan_in terms, so the mean square is multiplied by fan_in · s²,
and by a half if a ReLU sets half of the numbers to 0. He's rule makes fan_in · s² / 2 = 1.
Backwards the sums have fan_out terms, and without a ReLU one would like both fan_in · s² = 1 and
fan_out · s² = 1. Xavier's rule is a compromise: s² is one over the mean of the two counts, 2 /
(fan_in + fan_out).

If both counts are n, these are √n · s = 1 for Xavier's rule and √2 for He's, as in the chapter.
"""

import math


def my_std(fan_in, fan_out, activation):
    he = 2 / fan_in
    xavier = 2 / (fan_in + fan_out)
    var = he if activation == "relu" else xavier
    return math.sqrt(var)
