"""Sums over pools: the sets of elements that share one mean and one variance."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import torch
from torch import Tensor


@dataclass(frozen=True)
class Pools:
    """The sets of elements that share their moments.

    Parameters
    ----------
    shape : list of int
        of the moments: 1 on the pooled axes
    count : int
        elements in a pool
    centred : bool
        whether the mean is subtracted from the elements
    """

    shape: list
    count: int
    centred: bool

    @classmethod
    def of(cls, shape: Sequence[int], axes: Sequence[int], centred: bool) -> Self:
        """Return the pools of a tensor of this shape."""
        kept = [1 if axis in axes else size for axis, size in enumerate(shape)]
        count = math.prod([shape[axis] for axis in axes])
        return cls(kept, max(count, 1), centred)  # an empty pool sums to 0, and 0 / 1 is harmless

    def mean(self, x: Tensor) -> Tensor:
        """Average x over each pool; sums that were begun (see `sum_to`) are completed."""
        return sum_to(x, self.shape) / self.count

    def centre(self, x: Tensor) -> Tensor:
        """Return what is to be subtracted from x: the mean, or 0 if not ``centred``."""
        return self.mean(x) if self.centred else x.new_zeros(self.shape)


def broadcast(one: Sequence[int], other: Sequence[int]) -> torch.Size:
    """Return the shape to which two shapes with as many axes broadcast."""
    return torch.Size(b if a == 1 else a for a, b in zip(one, other, strict=True))


def sum_to(x: Tensor, shape: Sequence[int]) -> Tensor:
    """Sum x over the axes on which ``shape`` is 1: the transpose of broadcasting.

    The positions of one channel lie side by side in memory, the samples far apart. Summing the
    first axis last, when little is left of it, takes a third of the time.

    Parameters
    ----------
    x : Tensor
        any unit
    shape : sequence of int
        for each axis 1, or the size in ``x``

    Returns
    -------
    Tensor of this shape
        unit: x
    """
    near = [axis for axis in range(1, x.dim()) if x.shape[axis] != shape[axis]]
    x = x.sum(near, keepdim=True) if near else x
    return x if x.shape[0] == shape[0] else x.sum(0, keepdim=True)


def squares_to(x: Tensor, shape: Sequence[int]) -> Tensor:
    """Sum the squares of x over the axes on which ``shape`` is 1.

    A norm reads x once, and writes nothing; it serves where neighbours in memory are summed.
    """
    near = [axis for axis in range(1, x.dim()) if x.shape[axis] != shape[axis]]
    if not near or x.is_complex():
        return sum_to(x.square(), shape)
    return sum_to(torch.linalg.vector_norm(x, dim=near, keepdim=True).square(), shape)


def products_to(x: Tensor, factor: Tensor, shape: Sequence[int]) -> Tensor:
    """Sum ``x * factor`` over the axes on which ``shape`` is 1.

    It is a product of matrices, which writes nothing, where the factor varies along the summed axes
    and along no other.
    """
    summed = [axis for axis in range(x.dim()) if x.shape[axis] != shape[axis]]
    varying = [axis for axis in range(x.dim()) if factor.shape[axis] != 1]
    if not summed or varying != summed:
        return sum_to(x * factor, shape)
    factor = factor.reshape([x.shape[axis] for axis in summed])
    return torch.tensordot(x, factor, (summed, list(range(len(summed))))).reshape(shape)
