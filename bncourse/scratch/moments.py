"""Mean and variance over pools of elements: computed in two passes, and merged from shards."""

import math
from typing import NamedTuple

import numpy as np

from bncourse.scratch.arguments import require_array

# As many as one running sum in float32 may add: few digits lost, and the calls cost no time.
MOST_ROWS = 16384


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
    def unbiased_var(self):
        """The variance divided by ``count - 1`` in place of ``count``; unit: x squared."""
        if self.count < 2:
            raise ValueError(
                f"the unbiased variance divides by count - 1, got count {self.count}: "
                "give each channel at least 2 values (a larger batch), or use evaluation mode"
            )
        return self.var * (self.count / (self.count - 1))


def moments_of(x, axes):
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
    axes = pooled_axes(x, axes)
    return centre(x, axes)[1]


def centre(x, axes):
    """Return ``x - mean(x)`` and the moments of ``x``: two passes, the first one corrected.

    The first mean carries a rounding error that grows with ``|mean| / std``. What it leaves
    behind is the mean of the deviations, so that one is taken off as well (after the corrected
    two-pass algorithm of Chan, Golub & LeVeque 1983). ``mean(x**2) - mean(x)**2`` would cancel:
    never that. A long first axis is summed by halves; over a million elements of any other axis a
    float32 variance keeps three digits.
    """
    count = pool_size(x, axes)
    rough_mean = pooled_sum(x, axes) / count
    deviation = x - expand(rough_mean, axes)
    correction = pooled_sum(deviation, axes) / count
    deviation -= expand(correction, axes)
    var = pooled_dot(deviation, deviation, axes) / count
    return deviation, Moments(count, rough_mean + correction, var)


def merge_moments(shards):
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
    return Moments(count, mean, var)


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


def pooled_axes(x, axes):
    """Return ``axes`` as a sorted tuple of non-negative ints; raise where nothing is pooled."""
    require_array("x", x)
    axes = tuple(sorted(np.lib.array_utils.normalize_axis_tuple(axes, x.ndim, "axes")))
    if pool_size(x, axes) == 0:
        raise ValueError(
            f"x has shape {x.shape}, so pooling axes {axes} pools no element: "
            "a mean needs at least one"
        )
    return axes


def pool_size(x, axes):
    """Return the number of elements in each pool."""
    return math.prod(x.shape[axis] for axis in axes)


def expand(per_pool, axes):
    """Return ``per_pool`` with an axis of size 1 at each of ``axes``, ready to broadcast."""
    return np.expand_dims(per_pool, axes)


def pooled_sum(x, axes):
    """Return the sum of ``x`` over ``axes``, a new array."""
    return _sum_of_products(axes, x)


def pooled_dot(x, y, axes):
    """Return the sum of ``x * y`` over ``axes``, without writing the product to memory."""
    return _sum_of_products(axes, x, y)


def _sum_of_products(axes, *factors):
    x, letters = factors[0], range(factors[0].ndim)
    if 0 in axes and len(x) > MOST_ROWS:
        # Added up one after another, so many rows would each be rounded at the size of the sum.
        middle = len(x) // 2
        total = _sum_of_products(axes, *(factor[:middle] for factor in factors))
        total += _sum_of_products(axes, *(factor[middle:] for factor in factors))
        return total
    operands = (part for factor in factors for part in (factor, letters))
    # Where nothing is summed, einsum returns a view of the caller's array; where all is, a scalar.
    return np.array(np.einsum(*operands, [axis for axis in letters if axis not in axes]))
