"""Axes and norms: from tensors of a stack to numbers for each member and layer."""

from collections.abc import Iterable, Mapping, Sequence

import torch
from torch import Tensor


def by_unit(values: Tensor) -> Tensor:
    """Return (E, C, n): the n values of each unit over samples and positions."""
    return values.movedim(0, 2).flatten(2)


def centred(values: Tensor) -> tuple[Tensor, Tensor]:
    """Return the mean (E, C) of each unit, and what its values (E, C, n) are beyond it.

    By hand, for ``torch.var_mean`` and ``torch.std`` are ten times slower on short axes.
    """
    mean = values.mean(2)
    return mean, values - mean[:, :, None]


def by_layer(rows: Sequence[Mapping[str, Tensor]]) -> dict[str, Tensor]:
    """Return a dict of tensors (E, layers) for a dict of tensors (E,) from each layer."""
    return {name: torch.stack([row[name] for row in rows], 1) for name in rows[0]}


def member_norms(tensors: Iterable[Tensor]) -> Tensor:
    """Return the Euclidean norm of all ``tensors``, ``(E, ...)`` each, taken together, (E,).

    In float64: the square of a float32 vanishes below 1e-22, and a vanishing gradient should not
    vanish in its measurement.
    """
    each = [torch.linalg.vector_norm(t.flatten(1), dim=1, dtype=torch.float64) for t in tensors]
    return torch.linalg.vector_norm(torch.stack(each), dim=0)
