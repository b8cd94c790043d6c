"""The half-width is a quantile times s/√n. With more seeds the standard deviation s of the
differences stays about what it is, and so, from ten seeds or so on, does the quantile; what
shrinks is 1/√n. So half the width takes four times the seeds, and a tenth of it a hundred times.
As for ten of the 40 differences: ten drawn at random of 40 hold a quarter of all that there is to
know, so their mean lies closer to that of the 40 than it would to that of infinitely many.
"""

import math


def my_seeds(half_width, seeds, wanted):
    ratio = half_width / wanted
    growth = ratio**2
    needed = seeds * growth
    whole = math.ceil(needed)
    return whole
