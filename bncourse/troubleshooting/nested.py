"""Batches and outputs are tensors, or tuples, lists and dicts of them, one within the other."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import torch


def mapped(structure: Any, change: Callable[[Any], Any]) -> Any:
    """Return the structure with ``change(leaf)`` in the place of each leaf."""
    if isinstance(structure, Mapping):
        return _like(structure, {key: mapped(part, change) for key, part in structure.items()})
    if isinstance(structure, tuple) and hasattr(structure, "_fields"):
        return type(structure)(*(mapped(part, change) for part in structure))
    if type(structure) in (tuple, list):
        return type(structure)(mapped(part, change) for part in structure)
    return change(structure)


def _like(structure, parts):
    """Return the parts as a mapping of the same type, if that can be made, or as a dict."""
    try:
        return type(structure)(parts)
    except TypeError:
        return parts


def leaves(structure: Any) -> Iterator[Any]:
    """Yield what is in a structure and is no structure itself, in order."""
    if isinstance(structure, Mapping):
        structure = structure.values()
    elif not isinstance(structure, tuple | list):
        yield structure
        return
    for part in structure:
        yield from leaves(part)


def tensors(structure: Any) -> list[torch.Tensor]:
    """Return all floating-point tensors of a structure, in order, without their graph."""
    found = (leaf for leaf in leaves(structure) if isinstance(leaf, torch.Tensor))
    return [tensor.detach() for tensor in found if tensor.is_floating_point()]


def samples(structure: Any) -> int | None:
    """Return how many samples a batch holds: the length of its first tensor, or None."""
    found = (leaf for leaf in leaves(structure) if isinstance(leaf, torch.Tensor) and leaf.dim())
    return next((len(tensor) for tensor in found), None)


def chosen(structure: Any, rows: Sequence[int]) -> Any:
    """Return a batch of the samples with these row numbers, which may come several times.

    Parameters
    ----------
    structure : the batch
        in it, a tensor that is as long as the first one holds something of each sample
    rows : sequence of int
        the samples

    Returns
    -------
    a structure of the same kind
    """
    count = samples(structure)

    def rows_of(leaf):
        if isinstance(leaf, torch.Tensor) and leaf.dim() and len(leaf) == count:
            return leaf[torch.as_tensor(rows, device=leaf.device)]
        return leaf

    return mapped(structure, rows_of)


def joined(one: Any, other: Any) -> Any:
    """Return two batches of the same structure as one, the samples of `other` after `one`'s."""
    rest = leaves(other)

    def with_its_other(leaf):
        second = next(rest)
        both = isinstance(leaf, torch.Tensor) and leaf.dim() and leaf.shape[1:] == second.shape[1:]
        return torch.cat([leaf, second]) if both else leaf

    return mapped(one, with_its_other)
