"""The loss and its gradient along the direction in which training is about to go."""

from collections.abc import Sequence

import torch
from torch import Tensor

from bncourse.experiments.network import Network
from bncourse.experiments.probes.passes import gradients, member_rates, moved
from bncourse.experiments.probes.units import member_norms

MULTIPLES = (0.5, 1.0, 2.0, 4.0)


def landscape(
    network: Network,
    x: Tensor,
    y: Tensor,
    *,
    learning_rate: float | Sequence[float],
    multiples: Sequence[float] = MULTIPLES,
) -> dict[str, Tensor]:
    """Return how loss and gradient vary along the gradient, over several lengths of the step.

    At the points ``w_k = w - m_k * learning_rate * g``, with g the gradient of a member at w, all
    parameters together, on this batch (Santurkar et al. 2018, figure 4):

    - the loss, ``L(w_k)``: its range says how far the step can be trusted (4a)
    - the change of the gradient, ``||g(w_k) - g||``: how well the gradient here predicts the one
      there (4b)
    - effective smoothness, the largest of ``||g(w_k) - g|| / ||w_k - w||`` (4c); for a quadratic
      loss, it is the curvature along g if g is an eigenvector

    Effective smoothness can tell places apart only where the shortest step is so short that the
    gradient hardly changes on it. Where it is longer, there are two unrelated gradients at its
    ends, whose distance is about ``sqrt(2) ||g||`` everywhere, and the measure is about
    ``sqrt(2) / (m_1 * learning_rate)``, the reciprocal of the length of the step: look at the
    change over that step.

    All of these depend on the learning rate and on the scale of the weights: before batch norm,
    weights c times as large make the same network, with 1 / c of the gradient. Compare arms at
    their own rates as well as at an equal one, and relative to ``landscape_gradient_norm``.

    Parameters
    ----------
    network : Network
        of a stack, left as it is
    x : Tensor, ``(N, E, C, *S)``
        inputs
    y : Tensor, (N, E)
        labels
    learning_rate : float, or sequence of E floats
        of all members, or of each
    multiples : sequence of float
        the lengths of the steps, in units of the learning rate

    Returns
    -------
    dict of str to Tensor
        (E, multiples): ``landscape_loss``, and ``landscape_change`` of the gradient, after each
        step. (E,): their least and largest values, ``landscape_loss_min``, ``landscape_loss_max``,
        ``landscape_change_min``, ``landscape_change_max``; ``landscape_smoothness``;
        ``landscape_loss_here``, before any step; ``landscape_gradient_norm``, which is ``||g||``.
        Not finite where a loss is not.

    Raises
    ------
    ValueError
        ``learning_rate`` is not positive, or not of one or E values; there are no ``multiples``,
        or one is not positive.
    """
    if len(multiples) == 0 or min(multiples) <= 0:
        raise ValueError(f"multiples must be positive numbers, at least one, got {multiples!r}")
    rates = member_rates(learning_rate, network.head.bias)
    loss, here = gradients(network, x, y)
    size = member_norms(here.values())
    rows = []
    for multiple in multiples:
        losses, there = gradients(network, x, y, moved(network, here, multiple * rates))
        change = member_norms([there[name] - here[name] for name in here])
        rows.append((losses, change, change / (multiple * rates * size)))
    losses, changes, smoothness = (torch.stack(each, 1) for each in zip(*rows, strict=True))
    return {
        "landscape_loss": losses,
        "landscape_change": changes,
        "landscape_loss_min": losses.amin(1),
        "landscape_loss_max": losses.amax(1),
        "landscape_change_min": changes.amin(1),
        "landscape_change_max": changes.amax(1),
        "landscape_smoothness": smoothness.amax(1),
        "landscape_loss_here": loss,
        "landscape_gradient_norm": size,
    }
