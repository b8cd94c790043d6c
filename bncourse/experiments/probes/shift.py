"""Internal covariate shift: what a step of training does to a layer from outside."""

import torch

from bncourse.experiments.probes.passes import forward, gradients, member_rates, moved
from bncourse.experiments.probes.units import by_layer, by_unit, centred, member_norms


def input_shift(network, x, y, *, learning_rate):
    """Return how far one step moves the moments of the inputs of each hidden layer.

    The covariate shift of Ioffe & Szegedy (2015), section 2, in the sense of two moments. For a
    layer with inputs of mean ``m_j`` and standard deviation ``s_j`` over the batch, for unit j, and
    ``m'_j, s'_j`` on the same batch after a plain gradient step of all parameters:

    - ``input_mean_shift = sqrt(sum_j (m'_j - m_j)^2 / sum_j s_j^2)``
    - ``input_std_shift = sqrt(sum_j (s'_j - s_j)^2 / sum_j s_j^2)``

    The square root of the sum of their squares is the 2-Wasserstein distance between independent
    normal units with these moments, relative to their spread. The inputs of the first layer are
    the data and do not move.

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
        ``input_mean_shift``, ``input_std_shift`` (unit: standard deviations of the inputs)

    Raises
    ------
    ValueError
        ``learning_rate`` is not positive, or not of one or E values.
    """
    rates = member_rates(learning_rate, network.head.bias)
    _, grads = gradients(network, x, y)
    before = _input_moments(network, x)
    after = _input_moments(network, x, moved(network, grads, rates))
    return by_layer([_shift(*pair) for pair in zip(before, after, strict=True)])


def gradient_shift(network, x, y, *, learning_rate):
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


def _input_moments(network, x, parameters=None):
    """Return mean and standard deviation, (E, C), of the inputs of each hidden layer."""
    with torch.no_grad():
        linears = [block.linear for block in network.blocks]
        _, seen = forward(network, x, linears, parameters)
    pairs = [centred(by_unit(u)) for u, _ in seen]
    return [(mean, deviation.square().mean(2).sqrt()) for mean, deviation in pairs]


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
