"""Sums over pools: the sets of elements that share one mean and one variance."""

import math
from collections.abc import Sequence
from typing import NamedTuple, Self

import numpy as np

from bncourse.scratch.arguments import require_array

# As many as one running sum in float32 may add: few digits lost, and the calls cost no time.
MOST_ROWS = 16384
# Elements of a block that stays in the cache of the processor while it is worked on.
BLOCK = 32768


class Pools(NamedTuple):
    """The sets of elements that share their moments.

    Parameters
    ----------
    shape : tuple of int
        of the moments: 1 on the pooled axes
    count : int
        elements in a pool
    centred : bool
        whether the mean is subtracted from the elements
    axes : tuple of int
        the pooled axes
    """

    shape: tuple
    count: int
    centred: bool
    axes: tuple

    @classmethod
    def of(cls, x: np.ndarray, axes: int | tuple[int, ...], centred: bool = True) -> Self:
        """Return the pools of an array, or raise where one would be empty."""
        axes = pooled_axes(x, axes)
        kept = tuple(1 if axis in axes else size for axis, size in enumerate(x.shape))
        return cls(kept, math.prod(x.shape[axis] for axis in axes), centred, axes)

    def mean(self, x: np.ndarray) -> np.ndarray:
        """Average x over each pool; sums that were begun (see `sum_to`) are completed."""
        return sum_to(x, self.shape) / self.count

    def centre(self, x: np.ndarray) -> np.ndarray:
        """Return what is to be subtracted from x: the mean, or 0 if not ``centred``."""
        return self.mean(x) if self.centred else np.zeros(self.shape, x.dtype)

    def moments(self, x: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return the deviation of x, its mean, and its biased variance, in two passes.

        The mean that is first found is rounded. What it leaves behind is the mean of the
        deviation, and is taken off as well (Chan, Golub & LeVeque 1983). ``E[x²] - E[x]²`` would
        cancel: never that.
        """
        if not self.centred:
            return x, np.zeros(self.shape, x.dtype), products_to(x, x, self.shape) / self.count
        mean = self.mean(x)
        deviation = x - mean
        rest = self.mean(deviation)
        deviation -= rest
        var = products_to(deviation, deviation, self.shape) / self.count
        return deviation, mean + rest, var


def pooled_axes(x: np.ndarray, axes: int | tuple[int, ...]) -> tuple[int, ...]:
    """Return ``axes`` as a sorted tuple of non-negative ints; raise where nothing is pooled."""
    require_array("x", x)
    axes = tuple(sorted(np.lib.array_utils.normalize_axis_tuple(axes, x.ndim, "axes")))
    if math.prod(x.shape[axis] for axis in axes) == 0:
        raise ValueError(
            f"x has shape {x.shape}, so pooling axes {axes} pools no element: "
            "a mean needs at least one"
        )
    return axes


def sum_to(x: np.ndarray, shape: Sequence[int]) -> np.ndarray:
    """Sum x over the axes on which ``shape`` is 1: the transpose of broadcasting."""
    return x if x.shape == tuple(shape) else _sum_of_products((x,), shape)


def products_to(x: np.ndarray, factor: np.ndarray, shape: Sequence[int]) -> np.ndarray:
    """Sum ``x * factor`` over the axes on which ``shape`` is 1, without writing the product.

    The factor has an axis for each axis of x, of the same size or of size 1.
    """
    summed = [axis for axis in range(x.ndim) if x.shape[axis] != shape[axis]]
    varying = [axis for axis in range(x.ndim) if factor.shape[axis] != 1]
    if summed and varying == summed:  # a product of matrices
        factor = factor.reshape([x.shape[axis] for axis in summed])
        return np.tensordot(x, factor, (summed, range(len(summed)))).reshape(shape)
    if not summed:
        return x * factor
    if factor.shape != x.shape:
        return sum_to(x * factor, shape)
    return _sum_of_products((x, factor), shape)


def add_product(total: np.ndarray, x: np.ndarray, factor: np.ndarray) -> np.ndarray:
    """Add ``x * factor`` to ``total`` in place, block by block: the product stays in the cache."""
    rows = max(BLOCK * len(total) // max(total.size, 1), 1)
    for start in range(0, len(total), rows):
        block = slice(start, start + rows)
        total[block] += x[block] * (factor if len(factor) == 1 else factor[block])
    return total


def _sum_of_products(factors, shape):
    x, letters = factors[0], range(factors[0].ndim)
    kept = [axis for axis in letters if x.shape[axis] == shape[axis]]
    if 0 not in kept and len(x) > MOST_ROWS:
        # Added up one after another, so many rows would each be rounded at the size of the sum.
        middle = len(x) // 2
        total = _sum_of_products([factor[:middle] for factor in factors], shape)
        total += _sum_of_products([factor[middle:] for factor in factors], shape)
        return total
    operands = (part for factor in factors for part in (factor, letters))
    # Where nothing is summed, einsum returns a view of the caller's array; where all is, a scalar.
    return np.array(np.einsum(*operands, kept)).reshape(shape)
