"""Running statistics recomputed with the weights held: precise batch norm."""

import torch
from torch import nn

from bncourse.checker.exercise import Case, Trial
from bncourse.exercises.materials.fixed_dropout import FixedDropout
from bncourse.exercises.materials.networks import made, modes, normal, norms, weights

SEEN = 7  # batches that the layers have counted before


def new_network():
    """Return a network with two norms, one of them within another module, and dropout between."""
    return nn.Sequential(
        nn.Linear(5, 6),
        nn.BatchNorm1d(6, momentum=0.3),
        nn.ReLU(),
        FixedDropout(),
        nn.Sequential(nn.Linear(6, 4), nn.BatchNorm1d(4, momentum=0.02), nn.ReLU()),
        nn.Linear(4, 2),
    )


def observe(answer, mode, count, size):
    """Return statistics and state in which the answer leaves a network."""
    network = made(new_network, seed=11).train(mode == "training")
    for norm in norms(network):
        norm.num_batches_tracked.fill_(SEEN)
    # Each batch has a place of its own, so that the spread between batches is no small thing.
    batches = [1 + k + 2 * normal(size, 5, seed=k) for k in range(count)]
    before, parameters = weights(network), [*network.parameters()]
    answer(network, batches)
    momenta = [-1.0 if norm.momentum is None else norm.momentum for norm in norms(network)]
    first, deeper = norms(network)
    return {
        "running mean of the first norm": first.running_mean,
        "running variance of the first norm": first.running_var,
        "running mean of the deeper norm": deeper.running_mean,
        "running variance of the deeper norm": deeper.running_var,
        "changed weights": (weights(network) != before).sum(),
        "frozen parameters": torch.tensor([float(not p.requires_grad) for p in parameters]),
        "modes afterwards": modes(network),
        "momenta afterwards": torch.tensor(momenta),
    }


TRIAL = Trial(
    outputs=(
        "running mean of the first norm",
        "running variance of the first norm",
        "running mean of the deeper norm",
        "running variance of the deeper norm",
        "changed weights",
        "frozen parameters",
        "modes afterwards",
        "momenta afterwards",
    ),
    cases=(
        Case("evaluation", ("evaluation", 2, 4)),
        Case("training", ("training", 3, 5)),
    ),
    observe=observe,
    arguments=("mode", "number of batches", "size of a batch"),
    wants="tensor",
    tolerance=1e-4,
    properties=(("weights-held", lambda out, given: out["changed weights"] == 0),),
)
