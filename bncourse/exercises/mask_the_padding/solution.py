"""Two means over the steps that are there: of x, and of the squared deviations. Both are a sum
with the mask as a factor, divided by the number of ones. The mask has to come in after the mean
is subtracted: padding of zeros is not zero any more then. The outputs for one sequence do not
depend on how much padding there is, but still on the other sequences: they are in its pool.
"""

import numpy as np


def my_masked_batch_norm(x, mask, eps=1e-5):
    axes = (0, 2)
    there = mask[:, None]
    count = there.sum()
    mean = (there * x).sum(axes, keepdims=True) / count
    deviation = x - mean
    var = (there * deviation**2).sum(axes, keepdims=True) / count
    std = np.sqrt(var + eps)
    return deviation / std
