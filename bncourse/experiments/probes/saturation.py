"""Where the activation functions are flat: no gradient passes there."""

from collections.abc import Callable

import torch
from torch import Tensor

from bncourse.experiments.network import Network
from bncourse.experiments.probes.passes import forward
from bncourse.experiments.probes.units import by_layer, by_unit


def saturation(
    network: Network, x: Tensor, y: Tensor, *, threshold: float = 0.05
) -> dict[str, Tensor]:
    """Return which part of the values of each layer lies where the activation is flat.

    Flat is where ``|phi'(z)| < threshold``: the factor by which the gradient shrinks on its way
    back through phi. For the relu that is z <= 0, with any threshold up to 1. With 0.05 it is
    ``|z| > 2.18`` for tanh and ``|z| > 2.89`` for the sigmoid, of which the slope is never above
    0.25 (Glorot & Bengio 2010, section 3). A dead unit is flat for the whole batch.

    Parameters
    ----------
    network : Network
        of a stack, left as it is
    x : Tensor, ``(N, E, C, *S)``
        inputs
    y : Tensor, (N, E)
        labels, without influence
    threshold : float
        the slope below which an activation counts as flat

    Returns
    -------
    dict of str to Tensor, (E, layers)
        ``saturated_part`` of all values (samples, units, positions), ``dead_part`` of the units;
        nan where an activation gets nan
    """
    activations = network.activations
    with torch.no_grad():
        _, seen = forward(network, x, watched=activations)
    pairs = zip(activations, seen, strict=True)
    return by_layer([_flat_parts(phi, z, threshold) for phi, (z, _) in pairs])


def _flat_parts(phi, z, threshold):
    flat = (slope(phi, z).abs() < threshold).double().masked_fill(z.isnan(), torch.nan)
    flat = by_unit(flat)
    return {"saturated_part": flat.mean((1, 2)), "dead_part": flat.amin(2).mean(1)}


def slope(phi: Callable[[Tensor], Tensor], z: Tensor) -> Tensor:
    """Return the derivative of a function of single numbers, ``phi``, at each of ``z``."""
    with torch.enable_grad():
        z = z.detach().requires_grad_()
        return torch.autograd.grad(phi(z).sum(), z)[0]
