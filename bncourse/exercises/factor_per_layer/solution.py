"""L layers have L − 1 steps between them. If each step backwards multiplies the norm by f, then
all of them together multiply it by fᴸ⁻¹. So f is the root of order L − 1 of their product: the
geometric mean of the single factors. In the product all norms but the two ends cancel; the first
norm divided by the last is the same.

The arithmetic mean of the single factors is larger, unless they are equal: one large step counts
for too much in it. On the logarithmic axis of the figure, f is the slope of the straight line
from the last point to the first.
"""

import numpy as np


def my_factor(norms):
    factors = norms[:-1] / norms[1:]
    steps = len(factors)
    return np.prod(factors) ** (1 / steps)
