"""The few functions of SciPy that the book's own estimates call, for a browser.

SciPy would be 14 MB more to fetch, and seconds to import. A cell that imports SciPy itself gets the
whole of it. What stands here agrees with SciPy to ten digits, which the tests check.
"""

import math
import sys
from importlib import import_module
from statistics import NormalDist
from types import ModuleType, SimpleNamespace

import numpy as np
from placeholder import stand_in_for

BINARY_STEPS = 200  # halvings of a bracket, more than a float64 can tell apart


def t_cdf(x, df):
    """Return the distribution function of Student's t, a finite sum for whole degrees of freedom.

    Abramowitz and Stegun (1964), 26.7.3 and 26.7.4.
    """
    angle = math.atan(x / math.sqrt(df))
    sine, cosine = math.sin(angle), math.cos(angle)
    odd = df % 2
    term, total = (cosine, 0.0) if odd else (1.0, 1.0)
    if odd and df > 1:
        total = term
    for k in range(3 if odd else 2, df - 1, 2):
        term *= cosine * cosine * (k - 1) / k
        total += term
    inside = 2 / math.pi * (angle + sine * total) if odd else sine * total
    return (1 + inside) / 2


def t_ppf(q, df):
    """Return the quantile of Student's t, by halving."""
    low, high = -1.0, 1.0
    while t_cdf(low, df) > q:
        low *= 2
    while t_cdf(high, df) < q:
        high *= 2
    for _ in range(BINARY_STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if t_cdf(middle, df) < q else (low, middle)
    return (low + high) / 2


def t_interval(confidence, df, loc=0.0, scale=1.0):
    """Return the ends of the central interval of a Student's t that was shifted and scaled."""
    reach = t_ppf((1 + confidence) / 2, df) * scale
    return loc - reach, loc + reach


def sem(values):
    """Return the standard error of a mean."""
    return np.std(values, ddof=1) / math.sqrt(len(values))


def binomial_cdf(k, n):
    """Return the probability of at most ``k`` heads in ``n`` throws of a fair coin."""
    return sum(math.comb(n, j) for j in range(k + 1)) / 2**n


def quantile_test(samples):
    """Return what holds the interval of a median that is exact for any distribution."""
    ordered, n = np.sort(samples), len(samples)

    def confidence_interval(confidence_level):
        tail = (1 - confidence_level) / 2
        inside = [k for k in range(n) if binomial_cdf(k, n) <= tail]
        if not inside:
            return math.nan, math.nan
        return ordered[inside[-1]], ordered[n - 1 - inside[-1]]

    return SimpleNamespace(confidence_interval=confidence_interval)


def binomtest(successes, trials):
    """Return what holds Wilson's interval of a proportion."""

    def proportion_ci(confidence_level, method):
        z = NormalDist().inv_cdf((1 + confidence_level) / 2)
        p, weight = successes / trials, z * z / trials
        middle = (p + weight / 2) / (1 + weight)
        reach = z / (1 + weight) * math.sqrt(p * (1 - p) / trials + weight / (4 * trials))
        return max(middle - reach, 0.0), min(middle + reach, 1.0)

    return SimpleNamespace(proportion_ci=proportion_ci)


def install():
    """Let ``from scipy import stats`` give these functions; return what takes that back."""
    finder = stand_in_for("scipy")
    stats = ModuleType("scipy.stats")
    stats.t = SimpleNamespace(ppf=t_ppf, cdf=t_cdf, interval=t_interval)
    stats.sem, stats.quantile_test, stats.binomtest = sem, quantile_test, binomtest
    sys.modules["scipy.stats"] = import_module("scipy").stats = stats

    def remove():
        sys.meta_path.remove(finder)
        for name in [name for name in sys.modules if name.partition(".")[0] == "scipy"]:
            del sys.modules[name]

    return remove
