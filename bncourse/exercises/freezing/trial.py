"""Batch norm layers frozen for fine-tuning, whatever the training loop calls."""

import torch
from torch import nn
from torch.nn.functional import cross_entropy

from bncourse.checker.exercise import Probe, Trial
from bncourse.exercises.materials.fixed_dropout import FixedDropout
from bncourse.exercises.materials.networks import normal

NORMS = (nn.BatchNorm1d, nn.BatchNorm2d)
OTHER_NORMS = (nn.LayerNorm, nn.InstanceNorm2d)


def _block():
    inner = nn.Sequential(nn.Linear(6, 6), nn.BatchNorm1d(6))
    return nn.Sequential(nn.Linear(12, 6), nn.BatchNorm1d(6), inner, nn.ReLU(), FixedDropout())


def _network():
    with torch.random.fork_rng(devices=[]), torch.no_grad():
        torch.manual_seed(13)
        network = nn.Sequential(
            nn.Conv2d(1, 3, 3),
            nn.InstanceNorm2d(3, affine=True, track_running_stats=True),
            nn.BatchNorm2d(3),
            nn.ReLU(),
            nn.Flatten(),
            _block(),
            nn.Linear(6, 5),
            nn.BatchNorm1d(5, eps=0.1),
            nn.LayerNorm(5),
            nn.Linear(5, 3),
        )
        for norm in (m for m in network.modules() if isinstance(m, NORMS)):
            norm.weight.uniform_(-1.5, 1.5)
            norm.bias.normal_()
            norm.running_mean.normal_()
            norm.running_var.uniform_(0.5, 3)
    return network


def _train(model, batches):
    model.train()
    for x, y in batches:
        loss = cross_entropy(model(x), y)
        if loss.requires_grad:
            loss.backward()
        _step(model.parameters())


@torch.no_grad()
def _step(parameters, learning_rate=0.1, decay=0.1):
    """Descend as `torch.optim.SGD` does, which takes seconds to be ready for its first step."""
    for parameter in parameters:
        if parameter.grad is not None:
            parameter -= learning_rate * (parameter.grad + decay * parameter)
            parameter.grad = None


def observe(answer, mode, size):
    """Return what a network gives after it was frozen, and then trained by a usual loop."""
    network = _network().train(mode == "training")
    trained = [m for m in network.modules() if isinstance(m, (nn.Linear, nn.Conv2d, *OTHER_NORMS))]
    given = answer(network)
    model = given if isinstance(given, nn.Module) else network
    images = 1 + 2 * normal(2 * size, 1, 4, 4, seed=14)
    found = {"output right after freezing": model(images).detach()}
    batches = [(x, torch.arange(len(x)) % 3) for x in images.split(size)]
    _train(model, batches)
    found |= {"output in evaluation, after training": model.eval()(images).detach()}
    found |= {"output in training, after training": model.train()(images).detach()}
    parts = [p.detach().flatten() for layer in trained for p in layer.parameters()]
    return found | {"weights of the other layers, after training": torch.cat(parts)}


TRIAL = Trial(
    probes=(Probe("training", ("training", 4)), Probe("evaluation", ("evaluation", 6))),
    outputs=(
        "output right after freezing",
        "output in evaluation, after training",
        "output in training, after training",
        "weights of the other layers, after training",
    ),
    observe=observe,
    arguments=("mode", "size of a batch"),
    wants="tensor",
    tolerance=1e-4,
)
