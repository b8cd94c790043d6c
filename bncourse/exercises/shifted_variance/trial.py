"""The mean and the variance, from sums over rows that were shifted."""

import numpy as np

from bncourse.checker.exercise import Case, Trial


def counted(rows, features, seed, mean=2.0, gap=1.5):
    """Return n, the constants c, and the sums of x − c and of its square."""
    rng = np.random.default_rng(seed)
    c = mean + np.arange(features)
    shifted = gap + rng.uniform(0.5, 3, features) * rng.normal(size=(rows, features))
    return rows, c, shifted.sum(0), (shifted**2).sum(0)


TRIAL = Trial(
    outputs=("mean", "var"),
    cases=(
        Case("one", counted(5, 1, seed=1)),
        Case("three", counted(8, 3, seed=2)),
        Case("negative", counted(6, 2, seed=3, mean=-3.0, gap=-0.5)),
        Case("unshifted", counted(7, 1, seed=4, mean=0.0)),
        Case("far", counted(9, 2, seed=5, mean=1e8)),
    ),
)
