"""A linear layer and the batch norm behind it become one linear layer."""

from functools import partial

import torch
from torch import nn

from bncourse.exercises.exercise import Exercise, Probe
from bncourse.exercises.materials.networks import kind_of, made, modes, normal, running
from bncourse.exercises.returned import UnfitError

# What γ is divided by, from the variance: the first is right.
SPREADS = {
    "root": lambda var, eps: (var + eps).sqrt(),
    "root-without-eps": lambda var, eps: var.sqrt(),
    "eps-default": lambda var, eps: (var + 1e-5).sqrt(),
    "variance": lambda var, eps: var + eps,
    "one": lambda var, eps: torch.ones_like(var),
    "eps-outside": lambda var, eps: var.sqrt() + eps,
    "inverse-root": lambda var, eps: (var + eps).rsqrt(),
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
    "beta-scaled": lambda bias, mean, slope, beta: (bias - mean + beta) * slope,
    "only-beta-added": lambda bias, mean, slope, beta: bias + beta,
}
# What is done to the modes of the two layers: the first is right.
MODES = {
    "found": lambda linear, norm: None,
    "evaluation": lambda linear, norm: norm.eval(),
    "both-in-evaluation": lambda linear, norm: (linear.eval(), norm.eval()),
    "training": lambda linear, norm: norm.train(),
    "both-in-training": lambda linear, norm: (linear.train(), norm.train()),
    "of-the-linear-layer": lambda linear, norm: norm.train(linear.training),
}
# The bias where the linear layer has none: the first is right.
NO_BIAS = {
    "zero": lambda linear: torch.zeros(linear.out_features),
    "none": lambda linear: None,
    "left-out": lambda linear: torch.zeros(linear.out_features),
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
    no_bias="zero",
    offset_in="bias",
):
    """Return one linear layer for both, as in evaluation; the switches make it wrong."""
    offset = NO_BIAS[no_bias](linear) if linear.bias is None else linear.bias
    mean, var = STATISTICS[taken_from](linear, norm, offset)
    slope = (norm.weight if gamma == "used" else 1) / SPREADS[spread](var, norm.eps)
    folded = linear if place == "old" else nn.Linear(linear.in_features, linear.out_features)
    new_bias = BIASES[bias](offset, mean, slope, norm.bias)
    folded.weight.copy_(linear.weight * (slope if axis == "columns" else slope[:, None]))
    if offset_in == "both":
        folded.weight.add_(new_bias[:, None])
    left_out = linear.bias is None and no_bias == "left-out"
    folded.bias = None if left_out else nn.Parameter(new_bias.clone())
    MODES[mode](linear, norm)
    return folded


def _of_unit_vectors(linear, norm, offset, moved=True):
    """Return the statistics with which `norm` meets zero and the unit vectors."""
    if not norm.training:
        return norm.running_mean, norm.running_var
    z = offset + torch.cat([torch.zeros(1, linear.in_features), torch.eye(linear.in_features)]) @ (
        linear.weight.T
    )
    if moved:
        norm(z)
    return z.mean(0), z.var(0, unbiased=False)


STATISTICS = {
    "running": lambda linear, norm, offset: (norm.running_mean.clone(), norm.running_var.clone()),
    "unit-vectors": _of_unit_vectors,
    "unit-vectors-put-back": partial(_of_unit_vectors, moved=False),
    "start": lambda linear, norm, offset: (torch.zeros_like(offset), torch.ones_like(offset)),
}


def _layers(n_in, n_out, eps, bias):
    return nn.Sequential(nn.Linear(n_in, n_out, bias=bias), nn.BatchNorm1d(n_out, eps=eps))


def observe(answer, mode, n_in, n_out, eps, bias=True, spread=1.0):
    """Return what the folded layer does, and what became of the two that were given."""
    network = made(lambda: _layers(n_in, n_out, eps, bias), seed=9).train(mode == "training")
    network[1].train(mode in ("training", "mixed"))
    network[1].running_var.mul_(spread**2)
    folded = answer(*network)
    if folded is None:
        return None
    mean, var = running(network[1])
    return {
        "output of the new layer": _applied(folded, 1 + 2 * normal(4, n_in, seed=10), n_out),
        "weights of the given layer": network[0].weight.detach().clone(),
        "running means afterwards": mean,
        "running variances afterwards": var,
        "modes afterwards (1: training)": modes(network),
    }


def _applied(folded, x, n_out):
    """Return what the folded layer makes of `x`."""
    if not isinstance(folded, nn.Linear):
        wanted, kind = "one `nn.Linear`", kind_of(folded)
        raise UnfitError("wrong-kind", output="the folded layer", kind=kind, wanted=wanted)
    bias = torch.zeros(n_out) if folded.bias is None else folded.bias
    shapes = (("weights", folded.weight, (n_out, x.shape[1])), ("bias", bias, (n_out,)))
    for name, part, shape in shapes:
        if part.shape != shape:
            output, wanted = f"the {name} of the folded layer", f"the shape {shape}"
            raise UnfitError("wrong-kind", output=output, kind=kind_of(part), wanted=wanted)
    return x @ folded.weight.to(x).T + bias.to(x)


EXERCISE = Exercise(
    make=lambda **switches: partial(fold, **switches),
    probes=(
        Probe("evaluation", ("evaluation", 3, 2, 1e-5)),
        Probe("training", ("training", 3, 2, 1e-5)),
        Probe("square", ("training", 3, 3, 1e-3, True, 3e-3)),
        Probe("large-eps", ("training", 3, 2, 0.5)),
        Probe("mixed", ("mixed", 3, 2, 1e-3)),
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
