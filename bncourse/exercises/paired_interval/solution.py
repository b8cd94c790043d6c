"""Subtract first: what the two arms of a seed have in common cancels, and n numbers are left.
Their mean scatters by their standard deviation over √n. That standard deviation is itself
estimated, from n − 1 independent deviations, and Student's t makes the interval wider for it:
more than two standard errors with ten seeds, more than four with three.
"""

import numpy as np
from scipy import stats


def my_interval(with_norm, without):
    differences = with_norm - without
    n = len(differences)
    mean = differences.mean()
    spread = differences.std(ddof=1)
    error = spread / np.sqrt(n)
    quantile = stats.t.ppf(0.975, n - 1)
    half_width = quantile * error
    return mean - half_width, mean + half_width
