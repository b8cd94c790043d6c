"""Parity: whether two networks give the same outputs, and how far each output is off."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.func import functional_call

from bncourse.nn.kinds import batch_norms


@dataclass(frozen=True)
class Deviation:
    """How far one output of a network is from what it should be.

    Parameters
    ----------
    output : str
        where it is in what the network returns, ``output[0]`` or ``output['logits']``
    absolute : float
        largest difference of two elements, infinite where shapes differ or only one is finite;
        unit: output
    relative : float
        the same divided by the largest element that is expected; unit: 1
    """

    output: str
    absolute: float
    relative: float


@torch.no_grad()
def deviations(model: nn.Module, other: nn.Module, *inputs: Tensor) -> list[Deviation]:
    """Return how far each output of ``other`` is from that of ``model``.

    Both run in the mode in which they are: to call ``eval()`` here would hide that it was
    forgotten. Running statistics stay as they are.

    Parameters
    ----------
    model, other : Module
        whose outputs are tensors, or tuples, lists and dicts of outputs
    *inputs : Tensor
        arguments of one call

    Returns
    -------
    list of Deviation
        one for each output

    Raises
    ------
    ValueError
        They do not return the same number of tensors in the same places.
    """
    expected, found = (dict(_outputs(_run(network, inputs))) for network in (model, other))
    if expected.keys() != found.keys():
        raise ValueError(
            f"model returns {', '.join(expected)}, but other {', '.join(found)}: compare networks "
            "that return the same"
        )
    return [Deviation(name, *_distance(expected[name], found[name])) for name in expected]


def check_parity(
    model: nn.Module, other: nn.Module, *inputs: Tensor, tolerance: float = 1e-5
) -> list[Deviation]:
    """Return the `deviations` between two networks, none of which may exceed the tolerance.

    Parameters
    ----------
    model, other : Module
        whose outputs are tensors, or tuples, lists and dicts of outputs
    *inputs : Tensor
        arguments of one call
    tolerance : float
        largest relative deviation

    Returns
    -------
    list of Deviation
        one for each output

    Raises
    ------
    ValueError
        An output deviates by more; the message says by how much, and whether ``eval()`` was
        forgotten.
    """
    found = deviations(model, other, *inputs)
    far = [each for each in found if not each.relative <= tolerance]
    if far:
        sizes = "; ".join(
            f"{each.output} deviates by {each.absolute:.3g}, {each.relative:.3g} of its largest "
            "element"
            for each in far
        )
        raise ValueError(f"{sizes}; allowed is {tolerance:.3g}{_modes(model=model, other=other)}")
    return found


def _run(network, inputs):
    """Call a network with copies of its buffers: training mode would move them."""
    buffers = {name: buffer.clone() for name, buffer in network.named_buffers()}
    return functional_call(network, buffers, inputs)


def _outputs(value, name="output"):
    """Yield the tensors in what a network returned, each with its place."""
    if isinstance(value, torch.Tensor):
        yield name, value
    elif isinstance(value, tuple | list | dict):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for key, item in items:
            yield from _outputs(item, f"{name}[{key!r}]")


def _distance(expected, found):
    """Return the largest difference, and what it is of the largest element."""
    if expected.shape != found.shape:
        return math.inf, math.inf
    a, b = (t.to(torch.promote_types(t.dtype, torch.float64)) for t in (expected, found))
    same = (a == b) | (a.isnan() & b.isnan())
    apart = torch.where(same, 0, (a - b).abs()).nan_to_num(nan=math.inf, posinf=math.inf)
    absolute, largest = _largest(apart), _largest(a[a.isfinite()].abs())
    if absolute == 0:
        return 0.0, 0.0
    return absolute, absolute / largest if largest else math.inf


def _largest(values):
    return values.max().item() if values.numel() else 0.0


def _modes(**models):
    training = {
        name: [part for part, norm in batch_norms(model).items() if norm.training]
        for name, model in models.items()
    }
    return "".join(
        f". {name} has batch norm in training mode ({', '.join(parts)}), which normalizes with "
        f"the batch at hand: call {name}.eval() first"
        for name, parts in training.items()
        if parts
    )
