"""A linear layer and the batch norm behind it become one linear layer."""

from functools import partial

import torch
from torch import nn

from bncourse.exercises.exercise import Exercise, Probe
from bncourse.exercises.materials.networks import made, modes, normal
from bncourse.exercises.observing import UnfitError

# What γ is divided by, from the variance: the first is right.
SPREADS = {
    "root": lambda var, eps: (var + eps).sqrt(),
    "root-without-eps": lambda var, eps: var.sqrt(),
    "eps-default": lambda var, eps: (var + 1e-5).sqrt(),
    "variance": lambda var, eps: var + eps,
    "one": lambda var, eps: torch.ones_like(var),
}
# The new bias, from the old one, the mean, the slope and β: the first is right.
BIASES = {
    "whole": lambda bias, mean, slope, beta: (bias - mean) * slope + beta,
    "dropped": lambda bias, mean, slope, beta: -mean * slope + beta,
    "unscaled": lambda bias, mean, slope, beta: bias - mean * slope + beta,
    "old": lambda bias, mean, slope, beta: bias,
    "mean-ignored": lambda bias, mean, slope, beta: bias * slope + beta,
    "mean-added": lambda bias, mean, slope, beta: (bias + mean) * slope + beta,
    "mean-unscaled": lambda bias, mean, slope, beta: bias * slope - mean + beta,
    "beta-ignored": lambda bias, mean, slope, beta: (bias - mean) * slope,
}


@torch.no_grad()
def fold(
    linear,
    norm,
    *,
    taken_from="running",
    gamma="used",
    spread="root",
    bias="whole",
    axis="rows",
    mode="found",
    place="new",
):
    """Return one linear layer for both, as in evaluation; the switches make it wrong."""
    offset = torch.zeros(linear.out_features) if linear.bias is None else linear.bias
    mean, var = STATISTICS[taken_from](linear, norm, offset)
    slope = (norm.weight if gamma == "used" else 1) / SPREADS[spread](var, norm.eps)
    folded = linear if place == "old" else nn.Linear(linear.in_features, linear.out_features)
    new_bias = BIASES[bias](offset, mean, slope, norm.bias)
    folded.weight.copy_(linear.weight * (slope if axis == "columns" else slope[:, None]))
    folded.bias = nn.Parameter(new_bias.clone())
    if mode == "evaluation":
        norm.eval()
    return folded


def _of_unit_vectors(linear, norm, offset):
    """Return the statistics with which `norm` meets zero and the unit vectors."""
    if not norm.training:
        return norm.running_mean, norm.running_var
    z = offset + torch.cat([torch.zeros(1, linear.in_features), torch.eye(linear.in_features)]) @ (
        linear.weight.T
    )
    norm(z)
    return z.mean(0), z.var(0, unbiased=False)


STATISTICS = {
    "running": lambda linear, norm, offset: (norm.running_mean.clone(), norm.running_var.clone()),
    "unit-vectors": _of_unit_vectors,
    "start": lambda linear, norm, offset: (torch.zeros_like(offset), torch.ones_like(offset)),
}


def _layers(n_in, n_out, eps, bias):
    return nn.Sequential(nn.Linear(n_in, n_out, bias=bias), nn.BatchNorm1d(n_out, eps=eps))


def observe(answer, mode, n_in, n_out, eps, bias=True, spread=1.0):
    """Return what the folded layer does, and what became of the two that were given."""
    network = made(lambda: _layers(n_in, n_out, eps, bias), seed=9).train(mode == "training")
    network[1].running_var.mul_(spread**2)
    folded = answer(*network)
    if folded is None:
        return None
    if not isinstance(folded, nn.Linear):
        kind = type(folded).__name__
        raise UnfitError("not-numbers", output="the weights of one nn.Linear", kind=kind)
    x = 1 + 2 * normal(4, n_in, seed=10)
    return {
        "output of the new layer": folded(x),
        "weights of the given layer": network[0].weight.detach().clone(),
        "running means afterwards": network[1].running_mean.clone(),
        "running variances afterwards": network[1].running_var.clone(),
        "modes afterwards (1: training)": modes(network),
    }


EXERCISE = Exercise(
    make=lambda **switches: partial(fold, **switches),
    probes=(
        Probe("evaluation", ("evaluation", 3, 2, 1e-5)),
        Probe("training", ("training", 3, 2, 1e-5)),
        Probe("square", ("training", 3, 3, 1e-3, True, 3e-3)),
        Probe("large-eps", ("training", 3, 2, 0.5)),
        Probe("without-bias", ("training", 4, 2, 1e-3, False)),
    ),
    outputs=(
        "output of the new layer",
        "weights of the given layer",
        "running means afterwards",
        "running variances afterwards",
        "modes afterwards (1: training)",
    ),
    observe=observe,
    wants="tensor",
    tolerance=1e-4,
)
