"""Answers to the exercise as people write them: right ones in many styles, and wrong ones."""

import statistics

import numpy as np
from scipy import special, stats


def with_scipy(with_norm, without):
    d = with_norm - without
    return stats.t.interval(0.95, len(d) - 1, loc=d.mean(), scale=stats.sem(d))


def as_a_test(with_norm, without):
    return stats.ttest_rel(with_norm, without).confidence_interval(0.95)


def one_sample_test(with_norm, without):
    ends = stats.ttest_1samp(with_norm - without, 0).confidence_interval()
    return [ends.low, ends.high]


def in_plain_python(with_norm, without):
    d = [float(a) - float(b) for a, b in zip(with_norm, without, strict=True)]
    mean = statistics.fmean(d)
    half = special.stdtrit(len(d) - 1, 0.975) * statistics.stdev(d) / len(d) ** 0.5
    return mean - half, mean + half


def as_an_array(with_norm, without):
    d = np.subtract(with_norm, without)
    half = stats.t.isf(0.025, d.size - 1) * np.sqrt(d.var() / (d.size - 1))
    return d.mean() + np.array([-half, half])


def by_bisection(with_norm, without):
    d = with_norm - without
    error = np.sqrt(((d - d.mean()) ** 2).sum() / (len(d) * (len(d) - 1)))
    low, high = 0.0, 1000.0
    for _ in range(200):
        middle = (low + high) / 2
        if stats.t.cdf(middle, len(d) - 1) < 0.975:
            low = middle
        else:
            high = middle
    return d.mean() - low * error, d.mean() + low * error


RIGHT = [with_scipy, as_a_test, one_sample_test, in_plain_python, as_an_array, by_bisection]


def _variant(quantile=lambda n: stats.t.ppf(0.975, n - 1), ddof=1, root=np.sqrt):
    def answer(with_norm, without):
        d = with_norm - without
        half = quantile(len(d)) * d.std(ddof=ddof) / root(len(d))
        return d.mean() - half, d.mean() + half

    return answer


def welch(with_norm, without):
    return stats.ttest_ind(with_norm, without, equal_var=False).confidence_interval()


def student(with_norm, without):
    return stats.ttest_ind(with_norm, without).confidence_interval()


def other_way(with_norm, without):
    return with_scipy(without, with_norm)


def half_the_level(with_norm, without):
    return stats.ttest_rel(with_norm, without).confidence_interval(0.9)


def percentiles(with_norm, without):
    return np.percentile(with_norm - without, [2.5, 97.5])


def middle_half(with_norm, without):
    return np.percentile(with_norm - without, [25, 75])


def estimate_first(with_norm, without):
    return (np.mean(with_norm - without), *with_scipy(with_norm, without))


def two_intervals(with_norm, without):
    a, b = (
        stats.t.interval(0.95, len(v) - 1, v.mean(), stats.sem(v)) for v in (with_norm, without)
    )
    return a[0] - b[1], a[1] - b[0]


def variances_added(with_norm, without):
    n, difference = len(with_norm), with_norm.mean() - without.mean()
    error = np.sqrt(with_norm.var(ddof=1) / n + without.var(ddof=1) / n)
    half = stats.t.ppf(0.975, n - 1) * error
    return difference - half, difference + half


def _of_one(arm):
    return stats.t.interval(0.95, len(arm) - 1, arm.mean(), stats.sem(arm))


def pooled_and_normal(with_norm, without):
    n = len(with_norm)
    se = np.sqrt((with_norm.var() + without.var()) / n)
    m = with_norm.mean() - without.mean()
    return m - 1.96 * se, m + 1.96 * se


def upper_end_first_and_ddof(with_norm, without):
    d = with_norm - without
    n = len(d)
    half = stats.t.ppf(0.025, n - 1) * d.std() / n**0.5
    return d.mean() - half, d.mean() + half


def variance_without_root(with_norm, without):
    d = with_norm - without
    n = len(d)
    half = stats.t.ppf(0.975, n - 1) * d.var(ddof=1) / n
    return d.mean() - half, d.mean() + half


WRONG = [
    (lambda a, b: tuple(np.subtract(_of_one(a), _of_one(b))), {"interval-ends-subtracted"}),
    (lambda a, b: tuple(np.subtract(_of_one(a), _of_one(b)[::-1])), {"interval-ends-crossed"}),
    (_variant(lambda n: stats.t.cdf(0.975, n - 1)), {"t-probability-for-quantile"}),
    (_variant(lambda n: stats.t.ppf(0.975, 39)), {"degrees-of-freedom-of-forty"}),
    (_variant(lambda n: 1.96), {"normal-quantile"}),
    (_variant(lambda n: 2), {"two-standard-errors"}),
    (_variant(lambda n: 1), {"one-standard-error"}),
    (_variant(lambda n: stats.t.ppf(0.95, n - 1)), {"one-tail-of-five-percent"}),
    (_variant(lambda n: stats.t.ppf(0.975, n)), {"degrees-of-freedom-n"}),
    (_variant(lambda n: 1.96, ddof=0), {"normal-quantile", "spread-divided-by-n"}),
    (_variant(ddof=0), {"spread-divided-by-n"}),
    (_variant(root=lambda n: 1), {"root-of-n-missing"}),
    (_variant(root=lambda n: n), {"divided-by-n"}),
    (welch, {"interval-unpaired-welch"}),
    (student, {"interval-unpaired"}),
    (variances_added, {"spreads-of-arms-added"}),
    (two_intervals, None),
    (other_way, {"difference-reversed"}),
    (half_the_level, {"one-tail-of-five-percent"}),
    (percentiles, {"percentiles-of-differences"}),
    (middle_half, None),
    (estimate_first, {"mean-returned-too"}),
    (lambda a, b: (a - b).mean(), {"single-number-returned"}),
    (pooled_and_normal, {"spreads-of-arms-by-n", "normal-quantile"}),
    (upper_end_first_and_ddof, {"spread-divided-by-n", "ends-swapped"}),
    (variance_without_root, {"error-not-rooted"}),
    (_variant(lambda n: stats.t.ppf(n - 1, 0.975)), {"quantile-arguments-swapped"}),
]
