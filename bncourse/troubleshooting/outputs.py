"""How far outputs are from others, in units of how much they differ from sample to sample."""

from collections.abc import Sequence
from typing import Any

import torch

from bncourse.troubleshooting.nested import tensors

TINY = 1e-12


class Difference:
    """The difference between two kinds of outputs, over several batches.

    ``sqrt(sum((a - b)**2) / sum((b - mean(b))**2))`` over all numbers, where the mean is that of
    the same number over the samples of a batch: 0 if both are the same, about 1 if a has nothing to
    do with the sample, and without limit.
    """

    def __init__(self) -> None:
        self._off, self._spread, self._size = 0.0, 0.0, 0.0

    def add(self, outputs: Any, wanted: Any) -> None:
        """Take in the outputs of one batch, beside those they are compared with."""
        for a, b in zip(tensors(outputs), tensors(wanted), strict=False):
            if a.shape != b.shape or not b.numel():
                continue
            a, b = (part.cpu().double() for part in (a, b))
            middle = b.mean(0) if b.dim() and len(b) > 1 else b.mean()
            self._off += float((a - b).square().sum())
            self._spread += float((b - middle).square().sum())
            self._size += float(b.square().sum())

    @property
    def value(self) -> float | None:
        """The difference; None where nothing could be compared."""
        if not self._size and not self._off:
            return None
        return (self._off / max(self._spread, TINY * self._size, TINY**2)) ** 0.5


def spread_over_samples(outputs: Any) -> float | None:
    """Return how much outputs differ from sample to sample, in units of their own size."""
    spread = size = 0.0
    for y in tensors(outputs):
        if y.dim() and len(y) > 1:
            y = y.double()
            spread += float((y - y.mean(0)).square().sum())
            size += float(y.square().sum())
    return (spread / size) ** 0.5 if size else None


def change_of_rows(outputs: Any, before: Any, rows: int, samples: int) -> float | None:
    """Return how far the first `rows` are from what they were, in units of the spread of all."""
    off = spread = 0.0
    for y, old in zip(tensors(outputs), tensors(before), strict=False):
        if y.shape == old.shape and y.dim() and len(y) == samples:
            y, old = y.double(), old.double()
            off += float((y[:rows] - old[:rows]).square().mean())
            spread += float((old - old.mean(0)).square().mean())
    return (off / spread) ** 0.5 if spread else None


def of_rows(outputs: Any, rows: int, samples: int) -> list[torch.Tensor]:
    """Return the rows of all tensors that have one for each sample."""
    return [y[:rows] for y in tensors(outputs) if y.dim() and len(y) == samples]


def differ(
    one: Sequence[torch.Tensor], other: Sequence[torch.Tensor], tolerance: float = 1e-4
) -> bool:
    """Say whether two lists of tensors differ by more than rounding."""
    if len(one) != len(other):
        return True
    return any(
        a.shape != b.shape
        or not torch.allclose(a.double(), b.double(), rtol=tolerance, atol=tolerance * _size(b))
        for a, b in zip(one, other, strict=True)
    )


def _size(x):
    return float(x.double().square().mean().sqrt()) if x.numel() else 0.0
