"""The interval of the mean of paired differences."""

import numpy as np
from scipy import stats

from bncourse.exercises.exercise import Probe, function_exercise

# What is taken of each pair: the first is right.
DIFFERENCES = {
    "first-minus-second": lambda a, b: a - b,
    "reversed": lambda a, b: b - a,
    "absolute": lambda a, b: np.abs(a - b),
    "sorted": lambda a, b: np.sort(a) - np.sort(b),
    "relative": lambda a, b: (a - b) / b,
    "in-percent": lambda a, b: 100 * (a - b) / b,
    "first-alone": lambda a, b: a,
    "second-alone": lambda a, b: b,
}
# The spread of one difference: the first is right.
SPREADS = {
    "sample": lambda d, a, b: d.std(ddof=1),
    "biased": lambda d, a, b: d.std(),
    "one-less-twice": lambda d, a, b: d.std(ddof=1) * np.sqrt(len(d) / (len(d) - 1)),
    "variance": lambda d, a, b: d.var(ddof=1),
    "of-two-arms": lambda d, a, b: np.hypot(a.std(ddof=1), b.std(ddof=1)),
}
# The standard error of the mean.
ERRORS = {
    "root": lambda spread, n: spread / np.sqrt(n),
    "one": lambda spread, n: spread,
    "count": lambda spread, n: spread / n,
}
# How many standard errors lie on each side of the mean.
QUANTILES = {
    "t": lambda a, b: stats.t.ppf(0.975, len(a) - 1),
    "t-one-sided": lambda a, b: stats.t.ppf(0.95, len(a) - 1),
    "t-of-99": lambda a, b: stats.t.ppf(0.995, len(a) - 1),
    "t-of-97.5": lambda a, b: stats.t.ppf(0.9875, len(a) - 1),
    "t-of-5": lambda a, b: stats.t.ppf(0.525, len(a) - 1),
    "t-of-forty": lambda a, b: stats.t.ppf(0.975, 39),
    "t-cdf": lambda a, b: stats.t.cdf(0.975, len(a) - 1),
    "t-of-n": lambda a, b: stats.t.ppf(0.975, len(a)),
    "t-of-all-runs": lambda a, b: stats.t.ppf(0.975, 2 * len(a) - 2),
    "t-of-welch": lambda a, b: stats.t.ppf(0.975, stats.ttest_ind(a, b, equal_var=False).df),
    "normal": lambda a, b: stats.norm.ppf(0.975),
    "normal-one-sided": lambda a, b: stats.norm.ppf(0.95),
    "two": lambda a, b: 2.0,
    "one": lambda a, b: 1.0,
}
# What is returned, from the middle and the half-width.
ENDS = {
    "low-high": lambda middle, half: (middle - half, middle + half),
    "high-low": lambda middle, half: (middle + half, middle - half),
    "value-half": lambda middle, half: (middle, half),
    "about-zero": lambda middle, half: (-half, half),
}


def interval(
    with_norm,
    without,
    *,
    of_each_arm=None,
    percentiles=None,
    difference="first-minus-second",
    middle="mean",
    spread="sample",
    error="root",
    quantile="t",
    ends="low-high",
):
    """Return the ends of the interval; the switches make it wrong."""
    arms, n = (with_norm, without), len(with_norm)
    if of_each_arm:
        return _of_each_arm(arms, crossed=of_each_arm == "crossed")
    differences = DIFFERENCES[difference](*arms)
    if percentiles:
        return tuple(np.percentile(differences, percentiles))
    half = ERRORS[error](SPREADS[spread](differences, *arms), n) * QUANTILES[quantile](*arms)
    return ENDS[ends](getattr(np, middle)(differences), half)


def _of_each_arm(arms, crossed):
    """Return the differences of the ends of the intervals that each arm has of its own."""
    first, second = (
        np.array(interval(*arms, difference=f"{arm}-alone")) for arm in ("first", "second")
    )
    return tuple(first - (second[::-1] if crossed else second))


def both_ends(answer, *args):
    """Return the two ends in one array, so that an end close to 0 is not held to more digits."""
    value = answer(*args)
    return np.array(value) if isinstance(value, tuple | list) else value


def _runs(seeds, seed, gain=0.6, spread=1.0, luck=4.0):
    rng = np.random.default_rng(seed)
    common = 92 + luck * rng.normal(size=seeds)
    return common + gain + spread * rng.normal(size=seeds), common + rng.normal(size=seeds)


EXERCISE = function_exercise(
    interval,
    outputs=("interval",),
    observe=both_ends,
    tolerance=1e-3,
    probes=(
        Probe("three", _runs(3, seed=1)),
        Probe("ten", _runs(10, seed=2)),
        Probe("two", _runs(2, seed=3)),
        Probe("worse", _runs(12, seed=4, gain=-1.5)),
        Probe("forty", _runs(40, seed=5, gain=0.2, spread=2.0)),
        Probe("unequal", _runs(10, seed=6, luck=0.3, spread=6.0)),
    ),
)
