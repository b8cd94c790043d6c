"""A network is tried out on images, and the statistics of each batch are used."""

from contextlib import nullcontext
from functools import partial

import torch
from torch import nn

from bncourse.exercises.exercise import Exercise, Probe
from bncourse.exercises.materials.networks import made, modes, normal, norms, statistics

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
    return scores


def _gradients(which):
    if which == "left-off":
        torch.set_grad_enabled(False)
    return torch.no_grad() if which == "off" else nullcontext()


def _network():
    first = nn.Sequential(nn.Linear(5, 6), nn.BatchNorm1d(6), nn.ReLU())
    return nn.Sequential(
        first, nn.Dropout(0.5), nn.Linear(6, 6), nn.BatchNorm1d(6), nn.ReLU(), nn.Linear(6, 3)
    )


def _found(scene):
    network = made(_network, seed=1)
    network.train(scene != "evaluation")
    if scene == "frozen":
        network[0][1].eval()
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
    return {
        "scores": scores,
        "running statistics afterwards": statistics(network),
        "modes afterwards (1: training)": modes(network),
        "graph of the scores": float(getattr(scores, "requires_grad", False)),
        "gradients switched on afterwards": float(still_on),
    }


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
    ),
    observe=observe,
    wants="tensor",
    tolerance=1e-4,
)
