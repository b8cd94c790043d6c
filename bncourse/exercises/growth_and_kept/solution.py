"""The growth has the mean of the squared slopes above the line: a gradient is multiplied by each
slope, and its square by the square. What is kept has the square of the mean slope: only the straight
part of the function hands a correlation on. Below the line stands what batch norm divides by, the
variance of the values.

A mean of squares is never below the square of the mean, so what is kept is never more than the growth.
"""

import numpy as np


def my_factors(slopes, values):
    mean_square = np.mean(slopes**2)
    squared_mean = np.mean(slopes) ** 2
    variance = np.var(values)
    growth = mean_square / variance
    kept = squared_mean / variance
    return growth, kept
