"""Batch renorm in training: batch norm, moved towards evaluation as far as the limits allow."""

import numpy as np

from bncourse.checker.exercise import Case, Trial


def batch(*shape, seed, scale=3.0, mean=2.0):
    """Return x, (N, C), whose features have different spreads."""
    rng = np.random.default_rng(seed)
    return mean + scale * rng.uniform(0.5, 2, shape[1]) * rng.normal(size=shape)


def within_limits(dtype=float):
    """Return what is given where neither r nor d reaches a limit."""
    arrays = batch(4, 2, seed=1), np.array([1.0, 3.5]), np.array([4.0, 30.0])
    return *(array.astype(dtype) for array in arrays), 3.0, 5.0


def beyond_limits():
    """Return four features: r and d too large, both too small, and the two other ways."""
    x = batch(5, 4, seed=2) * np.array([4.0, 0.1, 0.1, 4.0])
    running_mean = x.mean(0) + np.array([-9.0, 9.0, -9.0, 9.0])
    return x, running_mean, np.array([2.0, 9.0, 12.0, 3.0]), 1.5, 2.5


def small_variances():
    """Return what is given where two features hardly vary."""
    x = batch(6, 3, seed=3) * np.array([1e-3, 1.0, 2e-3])
    return x, x.mean(0) + np.array([1e-3, 0.5, -2e-3]), np.array([1e-5, 7.0, 2e-5]), 4.0, 6.0


def single():
    """Return a batch of one."""
    x = batch(1, 3, seed=5)
    return x, x[0] + np.array([1.0, -1.0, 2.0]), np.array([2.0, 5.0, 9.0]), 2.0, 3.0


def far():
    """Return numbers far from zero that vary little."""
    x = batch(8, 2, seed=6, scale=0.5, mean=1e8)
    return x, x.mean(0) + np.array([0.2, -0.3]), np.array([0.3, 0.6]), 2.0, 3.0


RUNNING = np.array([1.0, 0.0, 4.0]), np.array([2.0, 5.0, 9.0])

TRIAL = Trial(
    keeps=("running_mean", "running_var"),
    outputs=("y", "r", "d"),
    cases=(
        Case("within", within_limits()),
        Case("beyond", beyond_limits()),
        Case("small", small_variances()),
        Case("large-eps", (batch(3, 3, seed=4), *RUNNING, 8.0, 9.0, 2.0)),
        Case("single", single()),
        Case("float32", within_limits(np.float32), tolerance=1e-4),
        Case("far", far(), tolerance=1e-3),
    ),
)
