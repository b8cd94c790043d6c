"""How much the accuracy of guessing scatters."""

import math

from bncourse.exercises.exercise import Probe, function_exercise

# The variance of a single answer, which is right with probability p: the first is right.
VARIANCES = {
    "both": lambda p: p * (1 - p),
    "right": lambda p: p,
    "squared": lambda p: (p * (1 - p)) ** 2,
    "relative": lambda p: (1 - p) / p,
    "of-labels": lambda p: (1 / p**2 - 1) / 12,
    "whole-division": lambda p: 0.0,
}
# That of the mean of n answers, or what was taken for it.
MEANS = {
    "divided": lambda variance, n, p: variance / n,
    "one": lambda variance, n, p: variance,
    "divided-twice": lambda variance, n, p: variance / n**2,
    "one-less": lambda variance, n, p: variance / (n - 1),
    "one-class": lambda variance, n, p: variance / (n * p),
    "sum": lambda variance, n, p: variance * n,
}
# The standard deviation in points.
UNITS = {
    "points": lambda variance: 100 * math.sqrt(variance),
    "share": math.sqrt,
    "under-root": lambda variance: math.sqrt(100 * variance),
    "variance": lambda variance: variance,
    "without-root": lambda variance: 100 * variance,
    "rounded": lambda variance: round(100 * math.sqrt(variance), 1),
    "variance-in-points": lambda variance: 100**2 * variance,
    "two": lambda variance: 200 * math.sqrt(variance),
    "interval": lambda variance: 196 * math.sqrt(variance),
}


def spread_of_guessing(
    rows,
    classes,
    *,
    swapped=False,
    rows_fixed=None,
    classes_fixed=None,
    variance="both",
    mean="divided",
    unit="points",
    chance=False,
):
    """Return the standard deviation of the accuracy of guessing; the switches make it wrong."""
    rows, classes = (classes, rows) if swapped else (rows, classes)
    rows, p = rows_fixed or rows, 1 / (classes_fixed or classes)
    if chance:
        return 100 * p
    return UNITS[unit](MEANS[mean](VARIANCES[variance](p), rows, p))


EXERCISE = function_exercise(
    spread_of_guessing,
    outputs=("spread",),
    tolerance=1e-3,
    probes=(
        Probe("ten", (1000, 10)),
        Probe("two", (50, 2)),
        Probe("five", (7, 5)),
        Probe("hundred", (500, 100)),
    ),
)
