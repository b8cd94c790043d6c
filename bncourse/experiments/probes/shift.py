"""Internal covariate shift: what a step of training does to a layer from outside."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.func import functional_call

from bncourse.experiments.network import Network
from bncourse.experiments.probes.passes import forward, gradients, member_rates, moved
from bncourse.experiments.probes.units import by_layer, by_unit, centred, member_norms


def input_shift(
    network: Network,
    x: Tensor,
    y: Tensor,
    *,
    learning_rate: float | Sequence[float],
    afresh: bool = False,
) -> dict[str, Tensor]:
    """Return how far one step moves the moments of the inputs of each hidden layer.

    The covariate shift of Ioffe & Szegedy (2015), section 2, in the sense of two moments. For a
    layer with inputs of mean ``m_j`` and standard deviation ``s_j`` over the batch, for unit j, and
    ``m'_j, s'_j`` on the same batch after a plain gradient step of all parameters:

    - ``input_mean_shift = sqrt(sum_j (m'_j - m_j)^2 / sum_j s_j^2)``
    - ``input_std_shift = sqrt(sum_j (s'_j - s_j)^2 / sum_j s_j^2)``

    The square root of the sum of their squares is the 2-Wasserstein distance between independent
    normal units with these moments, relative to their spread. The inputs of the first layer are
    the data and do not move.

    Both looks see the same random numbers, so that nothing but the parameters moves the moments; or
    ``afresh``, noise and dropout are drawn anew after the step and buffers go on, as in training.

    Parameters
    ----------
    network : Network
        of a stack, left as it is
    x : Tensor, ``(N, E, C, *S)``
        inputs
    y : Tensor, (N, E)
        labels
    learning_rate : float, or sequence of E floats
        of the step, for all members or for each
    afresh : bool
        let noise, and whatever else moves by itself from step to step, move the moments too

    Returns
    -------
    dict of str to Tensor, (E, layers)
        ``input_mean_shift``, ``input_std_shift`` (unit: standard deviations of the inputs)

    Raises
    ------
    ValueError
        ``learning_rate`` is not positive, or not of one or E values.
    """
    rates = member_rates(learning_rate, network.head.bias)
    _, grads = gradients(network, x, y)
    stepped = moved(network, grads, rates)
    if afresh:
        both = _input_moments(network, x, _Step(network, stepped))
        before, after = both[: len(both) // 2], both[len(both) // 2 :]
    else:
        before, after = _input_moments(network, x), _input_moments(network, x, parameters=stepped)
    return by_layer([_shift(*pair) for pair in zip(before, after, strict=True)])


def gradient_shift(
    network: Network, x: Tensor, y: Tensor, *, learning_rate: float | Sequence[float]
) -> dict[str, Tensor]:
    """Return how far the step of the layers below turns the gradient of each hidden layer.

    Internal covariate shift as Santurkar et al. (2018) define it, definition 2.1. With G the
    gradient of the loss with respect to the weights of the linear map of layer i, and G' the same
    after the layers below i, and they alone, took a plain gradient step, on the same batch:

    - ``gradient_shift = ||G' - G||``
    - ``gradient_shift_cosine = <G', G> / (||G'|| ||G||)``

    The layers below step with all their parameters, those of the norm included. Nothing is below
    the first layer: 0 and 1. The cost is a forward pass and part of a backward pass for each layer.

    Parameters
    ----------
    network : Network
        of a stack, left as it is
    x : Tensor, ``(N, E, C, *S)``
        inputs
    y : Tensor, (N, E)
        labels
    learning_rate : float, or sequence of E floats
        of the step, for all members or for each

    Returns
    -------
    dict of str to Tensor, (E, layers)
        ``gradient_shift`` (unit: loss per W), ``gradient_shift_cosine``, nan for a gradient of 0

    Raises
    ------
    ValueError
        ``learning_rate`` is not positive, or not of one or E values.
    """
    rates = member_rates(learning_rate, network.head.bias)
    _, here = gradients(network, x, y)
    stepped = moved(network, here, rates)
    rows, below = [], {}
    for number in range(len(network.blocks)):
        layer = f"blocks.{number}."
        weight = f"{layer}linear.weight"
        _, there = gradients(network, x, y, below, wanted=[weight])
        rows.append(_turn(here[weight], there[weight]))
        below |= {name: value for name, value in stepped.items() if name.startswith(layer)}
    return by_layer(rows)


def _input_moments(network, x, module=None, parameters=None):
    """Return mean and standard deviation, (E, C), of the inputs of each hidden layer.

    Of a ``module`` that calls the network several times: of each call.
    """
    with torch.no_grad():
        linears = [block.linear for block in network.blocks]
        _, seen = forward(module or network, x, linears, parameters)
    pairs = [centred(by_unit(u)) for u, _ in seen]
    return [(mean, deviation.square().mean(2).sqrt()) for mean, deviation in pairs]


class _Step(nn.Module):
    """A network as it is, then after a step, on the same inputs; all that is random goes on."""

    def __init__(self, network, stepped):
        super().__init__()
        self.network, self.stepped = network, stepped

    def forward(self, x):
        self.network(x)
        return functional_call(self.network, self.stepped, (x,))


def _shift(before, after):
    spread = member_norms([before[1]])
    names = ("input_mean_shift", "input_std_shift")
    return {
        name: member_norms([new - old]) / spread
        for name, old, new in zip(names, before, after, strict=True)
    }


def _turn(here, there):
    product = (here * there).flatten(1).double().sum(1)
    return {
        "gradient_shift": member_norms([there - here]),
        "gradient_shift_cosine": product / (member_norms([here]) * member_norms([there])),
    }
