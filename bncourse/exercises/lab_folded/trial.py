"""A linear layer and the batch norm behind it become one linear layer."""

import torch
from torch import nn

from bncourse.checker.exercise import Case, Trial
from bncourse.checker.returned import UnfitError
from bncourse.exercises.materials.networks import kind_of, made, modes, normal, running


def layers(n_in, n_out, eps, bias):
    """Return a linear layer and a norm."""
    return nn.Sequential(nn.Linear(n_in, n_out, bias=bias), nn.BatchNorm1d(n_out, eps=eps))


def observe(answer, mode, n_in, n_out, eps, bias=True, spread=1.0):
    """Return what the folded layer does, and what became of the two that were given."""
    network = made(lambda: layers(n_in, n_out, eps, bias), seed=9).train(mode == "training")
    network[1].train(mode in ("training", "mixed"))
    network[1].running_var.mul_(spread**2)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        folded = answer(*network)
    if folded is None:
        return None
    mean, var = running(network[1])
    return {
        "output of the new layer": applied(folded, 1 + 2 * normal(4, n_in, seed=10), n_out),
        "weights of the given layer": network[0].weight.detach().clone(),
        "running means afterwards": mean,
        "running variances afterwards": var,
        "modes afterwards (1: training)": modes(network),
    }


def applied(folded, x, n_out):
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


TRIAL = Trial(
    cases=(
        Case("evaluation", ("evaluation", 3, 2, 1e-5)),
        Case("training", ("training", 3, 2, 1e-5)),
        Case("square", ("training", 3, 3, 1e-3, True, 3e-3)),
        Case("large-eps", ("training", 3, 2, 0.5)),
        Case("mixed", ("mixed", 3, 2, 1e-3)),
        Case("without-bias", ("training", 4, 2, 1e-3, False)),
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
