"""The few functions that stand for SciPy in a page agree with SciPy."""

import numpy as np
import pytest
import student
from scipy import stats


@pytest.mark.parametrize("df", [1, 2, 3, 4, 9, 19, 20, 39, 198])
def test_quantiles_and_distribution_of_student_s_t(df):
    for q in (0.025, 0.5, 0.6, 0.9, 0.975, 0.9995):
        assert student.t_ppf(q, df) == pytest.approx(stats.t.ppf(q, df), rel=1e-10, abs=1e-12)
    for x in (-3.0, -0.1, 0.0, 0.5, 8.0):
        assert student.t_cdf(x, df) == pytest.approx(stats.t.cdf(x, df), abs=1e-12)


def test_interval_of_a_mean():
    values = np.random.default_rng(0).normal(3, 2, 12)
    ours = student.t_interval(0.95, 11, values.mean(), student.sem(values))
    theirs = stats.t.interval(0.95, 11, values.mean(), stats.sem(values))
    np.testing.assert_allclose(ours, theirs, rtol=1e-10)


@pytest.mark.parametrize("size", [3, 6, 10, 20, 21, 50])
def test_interval_of_a_median(size):
    values = np.random.default_rng(size).normal(size=size)
    ours = student.quantile_test(values).confidence_interval(0.95)
    np.testing.assert_array_equal(
        ours, tuple(stats.quantile_test(values).confidence_interval(0.95))
    )


@pytest.mark.parametrize(("successes", "trials"), [(0, 10), (3, 10), (10, 10), (19, 20), (1, 200)])
def test_wilson_s_interval_of_a_proportion(successes, trials):
    ours = student.binomtest(successes, trials).proportion_ci(0.95, method="wilson")
    theirs = stats.binomtest(successes, trials).proportion_ci(0.95, method="wilson")
    np.testing.assert_allclose(ours, tuple(theirs), atol=1e-12)
