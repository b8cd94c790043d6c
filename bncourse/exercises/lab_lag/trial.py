"""Running statistics that lag behind the network are estimated anew."""

from copy import deepcopy
from functools import cache

import torch
from torch import nn

from bncourse.checker.exercise import Case, Trial
from bncourse.exercises.materials.networks import (
    made,
    modes,
    need_gradients,
    normal,
    norms,
    running,
    weights,
)

SLOW = 0.02
LEFT = "what still counts (1: the old averages, 2: their start)"
TOO_MUCH = 0.08  # a share of that


def new_network():
    """Return a network whose norms have a small update rate; one lies deeper than the other."""
    first = nn.Linear(6, 8), nn.BatchNorm1d(8, momentum=SLOW), nn.ReLU()
    block = nn.Sequential(nn.Linear(8, 8), nn.BatchNorm1d(8, momentum=SLOW), nn.ReLU())
    return nn.Sequential(*first, block, nn.Linear(8, 3))


@cache
def inputs():
    """Return batches of inputs, of which the last is much smaller than the others."""
    return (4 + 3 * normal(4020, 6, seed=5)).split(200)


@cache
@torch.no_grad()
def lagging():
    """Return a network whose statistics are between the start and those of other inputs."""
    network = made(new_network, seed=4)
    for norm in norms(network):
        norm.reset_running_stats()
    for batch in 2 * inputs():
        network(6 - 2 * batch)
    network[-1].bias.requires_grad_(False)
    return network


@cache
@torch.no_grad()
def right():
    """Return the means and variances that the first norm meets, each the mean over the batches."""
    met = [lagging()[0](batch) for batch in inputs()]
    return torch.stack([torch.cat([z.mean(0), z.var(0)]) for z in met]).mean(0)


def first(network):
    """Return the running means and variances of the first norm, one after the other."""
    return torch.cat(running(norms(network)[0]))


def shares(got, old):
    """Return the shares of the old averages and of their start in what was found.

    They are 0 if it is no mixture of these two and the right averages.
    """
    start = torch.tensor([0.0, 1.0]).repeat_interleave(len(got) // 2)
    parts = torch.stack([old, start, right()], 1)
    found = torch.linalg.lstsq(parts, got[:, None]).solution
    fits = (parts @ found - got[:, None]).norm() < 0.05 * got.norm()
    mixed = fits and found.min() > -0.02
    return found[:2].flatten().tolist() if mixed else (0.0, 0.0)


def observe(answer, mode):
    """Return the statistics and the state in which the answer leaves a lagging network."""
    network = deepcopy(lagging()).train(mode == "training")
    before, old = weights(network), first(network)
    answer(network, [batch.clone() for batch in inputs()])
    of_old, of_start = shares(first(network), old)
    (first_mean, first_var), (second_mean, second_var) = map(running, norms(network))
    rates = [norm.momentum for norm in norms(network)]
    return {
        LEFT: float(2 if of_start > TOO_MUCH else of_old > TOO_MUCH),
        "running means of the first layer": first_mean,
        "running variances of the first layer": first_var,
        "running means of the second layer": second_mean,
        "running variances of the second layer": second_var,
        "changed weights": (weights(network) != before).sum(),
        "modes afterwards (1: training)": modes(network),
        "changed update rates (1: yes)": float(rates != [SLOW] * len(rates)),
        "parameters to be trained afterwards (1: yes)": need_gradients(network),
    }


TRIAL = Trial(
    outputs=(
        LEFT,
        "running means of the first layer",
        "running variances of the first layer",
        "running means of the second layer",
        "running variances of the second layer",
        "changed weights",
        "modes afterwards (1: training)",
        "changed update rates (1: yes)",
        "parameters to be trained afterwards (1: yes)",
    ),
    cases=(Case("training", ("training",)), Case("evaluation", ("evaluation",))),
    observe=observe,
    wants="tensor",
    tolerance=0.06,
    properties=(
        ("weights-held", lambda out, given: out["changed weights"] == 0),
        ("old-forgotten", lambda out, given: out[LEFT] != 1),
        ("start-forgotten", lambda out, given: out[LEFT] != 2),
    ),
)
