"""A network is tried out on images, and the statistics of each batch are used."""

from contextlib import nullcontext
from functools import partial

import numpy as np
import torch
from torch import nn

from bncourse.exercises.exercise import Exercise, Probe
from bncourse.exercises.materials.networks import (
    kind_of,
    made,
    modes,
    need_gradients,
    normal,
    norms,
    statistics,
)
from bncourse.exercises.returned import UnfitError

# What is done to the modes before the network is used: the first is right.
BEFORE = {
    "evaluation": lambda network: network.eval(),
    "as-found": lambda network: None,
    "training": lambda network: network.train(),
    "norms": lambda network: [norm.eval() for norm in norms(network)],
    "statistics-kept": lambda network: None,
}
# What is done to them afterwards, given those that were found.
AFTERWARDS = {
    "found": lambda network, found: [setattr(m, "training", t) for m, t in found.items()],
    "top": lambda network, found: network.train(found[network]),
    "training": lambda network, found: network.train(),
    "evaluation": lambda network, found: network.eval(),
    "children": lambda network, found: _put_back([network, *network.children()], found),
    "norms": lambda network, found: _put_back(norms(network), found),
    "norms-in-training": lambda network, found: _put_back(norms(network.train()), found),
}
# What is returned, from the scores: the first is right.
RETURNED = {
    "scores": lambda scores: scores,
    "shares": lambda scores: scores.softmax(1),
    "logarithms": lambda scores: scores.log_softmax(1),
}


def scores_of(
    network,
    x,
    batch_size,
    *,
    before="evaluation",
    afterwards="found",
    gradients="off",
    last="kept",
    returned="scores",
):
    """Return the scores of all rows of `x`, batch by batch; the switches make it wrong."""
    found = {module: module.training for module in network.modules()}
    kept = {key: value.clone() for key, value in network.state_dict().items()}
    BEFORE[before](network)
    with _gradients(gradients):
        batches = x.split(batch_size)
        whole = [b for b in batches if last == "kept" or len(b) == batch_size]
        scores = torch.cat([network(batch) for batch in whole])
    if before == "statistics-kept":
        network.load_state_dict(kept)
    AFTERWARDS[afterwards](network, found)
    if gradients in ("held", "released"):
        network.requires_grad_(gradients == "released")
    return RETURNED[returned](scores)


def _put_back(modules, found):
    for module in modules:
        module.training = found[module]


def _gradients(which):
    if which == "left-off":
        torch.set_grad_enabled(False)
    return nullcontext() if which in ("on", "left-off") else torch.no_grad()


def _network():
    first = nn.Sequential(nn.Linear(5, 6), nn.BatchNorm1d(6), nn.ReLU())
    return nn.Sequential(
        first, nn.Dropout(0.5), nn.Linear(6, 6), nn.BatchNorm1d(6), nn.ReLU(), nn.Linear(6, 3)
    )


def _found(scene):
    network = made(_network, seed=1)
    network.train(scene != "evaluation")
    if scene == "frozen":
        network[0][1].eval().requires_grad_(False)
    return network


def observe(answer, scene):
    """Return what the answer makes of a network that is found in one of three states."""
    network = _found(scene)
    with torch.random.fork_rng(devices=[]), torch.enable_grad():
        torch.manual_seed(0)
        scores = answer(network, 2 + 3 * normal(10, 5, seed=2), 4)
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


def _in_order(out, given):
    """Say whether the rows are not just the right ones in another order."""
    right = observe(scores_of, "evaluation")["scores"].sort(0).values.numpy()
    return not np.allclose(np.sort(out["scores"], 0), right, atol=1e-4)


EXERCISE = Exercise(
    make=lambda **switches: partial(scores_of, **switches),
    probes=(
        Probe("training", ("training",)),
        Probe("evaluation", ("evaluation",)),
        Probe("frozen", ("frozen",)),
    ),
    outputs=(
        "scores",
        "running statistics afterwards",
        "modes afterwards (1: training)",
        "graph of the scores",
        "gradients switched on afterwards",
        "parameters to be trained afterwards (1: yes)",
    ),
    observe=observe,
    wants="tensor",
    tolerance=1e-4,
    properties=(("rows-in-order", _in_order),),
)
