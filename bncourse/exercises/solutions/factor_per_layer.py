"""L layers have L − 1 steps between them. If each step backwards multiplies the norm by f, then
all of them together multiply it by fᴸ⁻¹, and that is the first norm divided by the last. So f is
its root of order L − 1: the geometric mean of the single factors, of which all but the two ends
cancel.

The arithmetic mean of the single factors is larger, unless they are equal: one large step counts
for too much in it. On the logarithmic axis of the figure, f is the slope of the straight line
from the last point to the first.
"""


def my_factor(norms):
    steps = len(norms) - 1
    return (norms[0] / norms[-1]) ** (1 / steps)
