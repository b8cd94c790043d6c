"""Neighbouring rates differ by one factor, so they are equally far apart in their logarithms: one
step is the decimal logarithm of that factor. Each usable rate stands for one step, half of it on
either side, so the width is their number times the step.

From the smallest usable rate to the largest is one step less, and would be 0 for a single one;
it would also count the rates in a gap. `losses <= limit` is false for nan: a run that diverged
is not usable, without another word.
"""

import numpy as np


def my_decades(rates, losses, limit):
    factor = rates[1] / rates[0]
    step = np.log10(factor)
    usable = losses <= limit
    count = np.sum(usable)
    return count * step
