"""The statistics of the whole, from those of its shards."""

import numpy as np

from bncourse.checker.exercise import Case, Trial


def shards(counts, features, seed, mean=2.0):
    """Return the counts, the means and the variances of shards."""
    rng = np.random.default_rng(seed)
    means = mean + 2 * rng.normal(size=(len(counts), features))
    variances = rng.uniform(0.5, 4, (len(counts), features))
    variances[np.array(counts) == 1] = 0
    return np.array(counts), means, variances


TRIAL = Trial(
    outputs=("mean", "var"),
    cases=(
        Case("two", shards([2, 6], 1, seed=1)),
        Case("three", shards([5, 2, 9], 2, seed=2)),
        Case("single", shards([1, 4, 3], 2, seed=3)),
        Case("square", shards([3, 8, 4], 3, seed=4)),
        Case("equal", shards([4, 4, 4, 4], 2, seed=5)),
        Case("far", shards([6, 3], 2, seed=6, mean=1e8), tolerance=1e-3),
    ),
)
