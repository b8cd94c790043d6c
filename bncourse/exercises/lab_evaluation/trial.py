"""A network is tried out on images, and the statistics of each batch are used."""

import numpy as np
import torch
from torch import nn

from bncourse.checker.exercise import Case, Trial
from bncourse.checker.returned import UnfitError
from bncourse.exercises.materials.networks import (
    kind_of,
    made,
    modes,
    need_gradients,
    normal,
    statistics,
)


def new_network():
    """Return a network in which a batch norm layer lies deeper than the other."""
    first = nn.Sequential(nn.Linear(5, 6), nn.BatchNorm1d(6), nn.ReLU())
    return nn.Sequential(
        first, nn.Dropout(0.5), nn.Linear(6, 6), nn.BatchNorm1d(6), nn.ReLU(), nn.Linear(6, 3)
    )


def network_in(scene):
    """Return the network in the state in which it is found."""
    network = made(new_network, seed=1)
    network.train(scene != "evaluation")
    if scene == "frozen":
        network[0][1].eval().requires_grad_(False)
    return network


def images():
    """Return the images that are tried out."""
    return 2 + 3 * normal(10, 5, seed=2)


def observe(answer, scene):
    """Return what the answer makes of a network that is found in one of three states."""
    network = network_in(scene)
    with torch.random.fork_rng(devices=[]), torch.enable_grad():
        torch.manual_seed(0)
        scores = answer(network, images(), 4)
        still_on = torch.is_grad_enabled()
    if scores is None:
        return None
    if isinstance(scores, tuple | list):
        raise UnfitError("wrong-kind", output="scores", kind=kind_of(scores), wanted="one tensor")
    return {
        "scores": scores,
        "running statistics afterwards": statistics(network),
        "modes afterwards (1: training)": modes(network),
        "graph of the scores": float(getattr(scores, "requires_grad", False)),
        "gradients switched on afterwards": float(still_on),
        "parameters to be trained afterwards (1: yes)": need_gradients(network),
    }


def in_order(out, given):
    """Say whether the rows are not just the right ones in another order."""
    right = network_in("evaluation")(images()).detach().numpy()
    return not np.allclose(np.sort(out["scores"], 0), np.sort(right, 0), atol=1e-4)


TRIAL = Trial(
    outputs=(
        "scores",
        "running statistics afterwards",
        "modes afterwards (1: training)",
        "graph of the scores",
        "gradients switched on afterwards",
        "parameters to be trained afterwards (1: yes)",
    ),
    cases=(
        Case("training", ("training",)),
        Case("evaluation", ("evaluation",)),
        Case("frozen", ("frozen",)),
    ),
    observe=observe,
    wants="tensor",
    tolerance=1e-4,
    properties=(("rows-in-order", in_order),),
)
