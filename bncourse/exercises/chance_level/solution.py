"""An answer that is 1 with probability p and 0 otherwise has the variance p(1 − p), and the mean
of n independent ones that divided by n. For 1000 rows and ten classes the standard deviation is a
little less than a point, so the bounds of the first run, five points on each side, are more than
five of them away: guessing would hardly ever cross them. The mean of ten seeds scatters less by
√10 again.
"""

import math


def my_spread(rows, classes):
    p = 1 / classes
    variance = p * (1 - p)
    of_the_mean = variance / rows
    deviation = math.sqrt(of_the_mean)
    return 100 * deviation
