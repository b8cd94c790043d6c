"""The statistics of the whole, from those of its shards."""

import numpy as np

from bncourse.exercises.exercise import Probe, function_exercise

# The mean of the whole from the counts and the means of the shards: the first is right.
MEANS = {
    "weighted": lambda counts, means: (counts * means).sum(0) / counts.sum(0),
    "plain": lambda counts, means: means.mean(0),
    "summed": lambda counts, means: means.sum(0),
    "over-shards": lambda counts, means: (counts * means).sum(0) / len(means),
    "weighted-sum": lambda counts, means: (counts * means).sum(0),
    "inversely-weighted": lambda counts, means: (means / counts).sum(0) / (1 / counts).sum(0),
    "median": lambda counts, means: np.median(means, 0),
    "largest": lambda counts, means: means[counts.argmax()],
}
# The variance within shards.
WITHIN = {
    "weighted": lambda counts, variances: (counts * variances).sum(0) / counts.sum(0),
    "plain": lambda counts, variances: variances.mean(0),
    "pooled": lambda counts, variances: (
        ((counts - 1) * variances).sum(0) / (counts.sum(0) - len(variances))
    ),
    "less-one": lambda counts, variances: ((counts - 1) * variances).sum(0) / counts.sum(0),
    "summed": lambda counts, variances: variances.sum(0),
    "squared-weights": lambda counts, variances: (
        (counts**2 * variances).sum(0) / counts.sum(0) ** 2
    ),
    "deviations": lambda counts, variances: (
        ((counts * np.sqrt(variances)).sum(0) / counts.sum(0)) ** 2
    ),
    "left-out": lambda counts, variances: 0 * variances[0],
    "as-squares": lambda counts, variances: variances.sum(0) / counts.sum(0),
    "over-counts": lambda counts, variances: (variances / counts).sum(0),
    "largest": lambda counts, variances: variances[counts.argmax()],
}
# The variance between the means of the shards, of which `mean` is the mean.
BETWEEN = {
    "weighted": lambda counts, means, mean: (counts * (means - mean) ** 2).sum(0) / counts.sum(0),
    "left-out": lambda counts, means, mean: 0 * mean,
    "plain": lambda counts, means, mean: ((means - mean) ** 2).mean(0),
    "about-plain-mean": lambda counts, means, mean: (
        (counts * (means - means.mean(0)) ** 2).sum(0) / counts.sum(0)
    ),
    "over-shards-less-one": lambda counts, means, mean: (
        (counts * (means - mean) ** 2).sum(0) / (len(means) - 1)
    ),
    "over-total-less-one": lambda counts, means, mean: (
        (counts * (means - mean) ** 2).sum(0) / (counts.sum(0) - 1)
    ),
    "plain-variance": lambda counts, means, mean: means.var(0),
    "unbiased": lambda counts, means, mean: means.var(0, ddof=1),
    "summed": lambda counts, means, mean: ((means - mean) ** 2).sum(0),
    "about-zero": lambda counts, means, mean: (counts * means**2).sum(0) / counts.sum(0),
    "mean-not-squared": lambda counts, means, mean: (
        (counts * means**2).sum(0) / counts.sum(0) - mean
    ),
    "not-squared": lambda counts, means, mean: (
        (counts * np.abs(means - mean)).sum(0) / counts.sum(0)
    ),
}


# By how much the mean and the variance are too large, for the wrong divisor: the first is right.
TOO_LARGE = {
    "total": lambda counts: (1, 1),
    "shards": lambda counts: (counts.sum(0) / len(counts),) * 2,
    "largest": lambda counts: (counts.sum(0) / counts.max(0),) * 2,
    "nothing-for-variance": lambda counts: (1, counts.sum(0)),
}
# What two parts of n and m examples, whose means lie `gap` apart, have more squares than the sum
# of theirs: the first is right.
GAINS = {
    "right": lambda n, m, gap: gap**2 * n * m / (n + m),
    "not-divided": lambda n, m, gap: gap**2 * n * m,
    "old-count": lambda n, m, gap: gap**2 * n,
    "new-count": lambda n, m, gap: gap**2 * m,
}
# Slips where the shards are merged one after the other.
ONE_BY_ONE = {
    "not-divided": {"gain": "not-divided"},
    "old-count": {"gain": "old-count"},
    "new-count": {"gain": "new-count"},
    "count-not-updated": {"counted": False},
    "gap-too-late": {"late": True},
    "halves": {"alike": True, "counted": False},
}


def one_by_one(counts, means, variances, *, gain="right", alike=False, counted=True, late=False):
    """Return the mean and the variance of all shards, merged one after the other."""
    counts = np.ones_like(counts) if alike else counts
    n, mean, var = counts[0], means[0], variances[0]
    for m, new_mean, new_var in zip(counts[1:], means[1:], variances[1:], strict=True):
        gap, total = new_mean - mean, n + m
        mean = mean + gap * m / total
        gap = new_mean - mean if late else gap
        var = (n * var + m * new_var + GAINS[gain](n, m, gap)) / total
        n = total if counted else n
    return mean, var


def merge(
    counts,
    means,
    variances,
    *,
    weigh="shards",
    pairwise=None,
    mean="weighted",
    within="weighted",
    between="weighted",
    sign=1,
    divided_by="total",
    unbiased=False,
    root=False,
    swapped=False,
):
    """Return the mean and the biased variance of all shards together."""
    counts = counts[:, None] if weigh == "shards" else counts
    mean_factor, var_factor = TOO_LARGE[divided_by](counts)
    if pairwise:
        merged_mean, merged_var = one_by_one(counts, means, variances, **ONE_BY_ONE[pairwise])
    else:
        merged_mean = mean_factor * MEANS[mean](counts, means)
        merged_var = WITHIN[within](counts, variances)
        merged_var = merged_var + sign * BETWEEN[between](counts, means, merged_mean)
    merged_var = var_factor * merged_var
    if unbiased:
        merged_var = merged_var * counts.sum(0) / (counts.sum(0) - 1)
    merged_var = np.sqrt(merged_var) if root else merged_var
    return (merged_var, merged_mean) if swapped else (merged_mean, merged_var)


def _shards(counts, features, seed, mean=2.0):
    rng = np.random.default_rng(seed)
    means = mean + 2 * rng.normal(size=(len(counts), features))
    variances = rng.uniform(0.5, 4, (len(counts), features))
    variances[np.array(counts) == 1] = 0
    return np.array(counts), means, variances


EXERCISE = function_exercise(
    merge,
    outputs=("mean", "var"),
    probes=(
        Probe("two", _shards([2, 6], 1, seed=1)),
        Probe("three", _shards([5, 2, 9], 2, seed=2)),
        Probe("single", _shards([1, 4, 3], 2, seed=3)),
        Probe("square", _shards([3, 8, 4], 3, seed=4)),
        Probe("equal", _shards([4, 4, 4, 4], 2, seed=5)),
        Probe(
            "far",
            _shards([6, 3], 2, seed=6, mean=1e8),
            tolerance=1e-3,
            rounding="merged-from-second-moments",
        ),
    ),
)
