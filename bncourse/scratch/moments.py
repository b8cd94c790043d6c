"""Mean and variance over pools of elements, and how those of shards are merged."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from bncourse.scratch.pools import Pools


class Moments(NamedTuple):
    """How many elements each pool has, their mean, and their biased variance.

    Parameters
    ----------
    count : int
        elements in each pool
    mean : ndarray, one element for each pool
        unit: x
    var : ndarray, one element for each pool
        mean of ``(x - mean)**2``, the biased variance; unit: x squared
    """

    count: int
    mean: np.ndarray
    var: np.ndarray

    @property
    def unbiased_var(self) -> np.ndarray:
        """The variance divided by ``count - 1`` in place of ``count``; unit: x squared."""
        if self.count < 2:
            raise ValueError(
                f"the unbiased variance divides by count - 1, got count {self.count}: "
                "give each channel at least 2 values (a larger batch), or use evaluation mode"
            )
        return self.var * (self.count / (self.count - 1))


def moments_of(x: np.ndarray, axes: int | tuple[int, ...]) -> Moments:
    """Return the count, mean and biased variance of ``x`` over ``axes``.

    Parameters
    ----------
    x : ndarray, any shape
        float32 or float64; any unit
    axes : int or tuple of int
        the axes to pool

    Returns
    -------
    Moments
        with ``mean`` and ``var`` shaped like the axes of ``x`` that remain, dtype of ``x``

    Raises
    ------
    TypeError
        ``x`` is not a float32 or float64 array.
    ValueError
        ``axes`` do not exist in ``x``, or the pools are empty.
    """
    pools = Pools.of(x, axes)
    _, mean, var = pools.moments(x)
    return Moments(pools.count, mean.squeeze(pools.axes), var.squeeze(pools.axes))


def merge_moments(shards: Iterable[Moments]) -> Moments:
    """Return the moments of all shards together: up to rounding, those of one batch.

    ``mean = sum(n_i * mean_i) / n`` and ``var = sum(n_i * (var_i + (mean_i - mean)**2)) / n``:
    the variance within the shards plus the variance between them. This is the parallel formula of
    Chan, Golub & LeVeque (1979), written for any number of shards.

    Parameters
    ----------
    shards : sequence of Moments
        with means and variances of one shape; the counts may differ

    Returns
    -------
    Moments
        of the union of the shards

    Raises
    ------
    ValueError
        there is no shard, a shard is empty, or the shapes differ.
    """
    shards = list(shards)
    _require_mergeable(shards)
    count = sum(shard.count for shard in shards)
    weights = [shard.count / count for shard in shards]
    # Measured from the first mean, the sum does not round at the size of |mean|.
    origin = shards[0].mean
    mean = origin + sum(w * (s.mean - origin) for w, s in zip(weights, shards, strict=True))
    var = sum(w * (s.var + (s.mean - mean) ** 2) for w, s in zip(weights, shards, strict=True))
    return Moments(count, mean, var)  # pyrefly: ignore[bad-argument-type]


def _require_mergeable(shards):
    if not shards:
        raise ValueError("shards is empty: give at least one Moments to merge")
    for i, shard in enumerate(shards):
        if shard.count < 1:
            raise ValueError(f"shards[{i}] has count {shard.count}: leave empty shards out")
        if np.shape(shard.mean) != np.shape(shards[0].mean):
            raise ValueError(
                f"shards[{i}] has a mean of shape {np.shape(shard.mean)} and shards[0] of shape "
                f"{np.shape(shards[0].mean)}: merge moments of the same channels"
            )
