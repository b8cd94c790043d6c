"""Batch norm layers frozen for fine-tuning, whatever the training loop calls."""

import torch
from torch import nn
from torch.nn.functional import cross_entropy

from bncourse.checker.exercise import Case, Trial
from bncourse.checker.returned import ABSENT
from bncourse.exercises.materials.fixed_dropout import FixedDropout
from bncourse.exercises.materials.networks import normal

NORMS = (nn.BatchNorm1d, nn.BatchNorm2d)
OTHER_NORMS = (nn.LayerNorm, nn.InstanceNorm2d)


def _block():
    inner = nn.Sequential(nn.Linear(6, 6), nn.BatchNorm1d(6))
    return nn.Sequential(nn.Linear(12, 6), nn.BatchNorm1d(6), inner, nn.ReLU(), FixedDropout())


def _images():
    return nn.Sequential(nn.Conv2d(3, 3, 1), nn.BatchNorm2d(3), nn.ReLU())


def _network():
    with torch.random.fork_rng(devices=[]), torch.no_grad():
        torch.manual_seed(13)
        network = nn.Sequential(
            nn.Conv2d(1, 3, 3),
            nn.InstanceNorm2d(3, affine=True, track_running_stats=True),
            nn.BatchNorm2d(3),
            nn.ReLU(),
            _images(),
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
        network[8].running_var[0], network[8].weight[0] = 2e-5, 0.02  # shows whether ε is there
    return network


def _frozen(answer, mode):
    """Return a network that the answer has frozen, and those of its layers that train on."""
    network = _network().train(mode == "training")
    others = [m for m in network.modules() if isinstance(m, (nn.Linear, nn.Conv2d, *OTHER_NORMS))]
    given = answer(network)
    return (given if isinstance(given, nn.Module) else network), others


def _state(model):
    """Return all of a model that freezing may change, but for numbers."""
    return [
        (
            *(name, type(module), module.training, module.extra_repr(), [*vars(module)]),
            [parameter.requires_grad for parameter in module.parameters(recurse=False)],
            [len(hooks) for hooks in vars(module).values() if isinstance(hooks, dict)],
        )
        for name, module in model.named_modules()
    ]


UNTOUCHED = _state(_network())


def _takes_a_mode(model):
    """Say whether every `train` in a model can be called as PyTorch does, and call it."""
    try:
        model.train()
    except TypeError as error:
        if "positional argument" in str(error):
            return False
        raise
    return True


def _train(model, batches):
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
    """Return what a network gives after it was frozen, and then trained by a usual loop.

    What moves in passes without a step are statistics, and what moves in a step in evaluation mode
    are parameters: so each shows by itself.
    """
    images = 1 + 2 * normal(2 * size, 1, 4, 4, seed=14)
    batches = [(x, torch.arange(len(x)) % 3) for x in images.split(size)]
    found = dict.fromkeys(TRIAL.outputs, ABSENT)
    model, others = _frozen(answer, mode)
    statistics = [buffer.clone() for buffer in model.buffers()]
    touched = mode == "evaluation" or _state(model) != UNTOUCHED  # `eval()` shows in training alone
    found |= {"anything changed (1: yes)": float(touched)}
    found |= {"output right after freezing": model(images).detach()}
    if not _takes_a_mode(model):
        return found
    found |= {"output in training, before a step": model(images).detach()}
    found |= {"output in evaluation, before a step": model.eval()(images).detach()}
    for buffer, value in zip(model.buffers(), statistics, strict=True):
        buffer.copy_(value)
    _train(model.eval(), batches[:1])
    found |= {"output in evaluation, after a step in evaluation": model(images).detach()}
    _train(model.train(), batches)
    found |= {"output in evaluation, after training": model.eval()(images).detach()}
    found |= {"output in training, after training": model.train()(images).detach()}
    parts = [p.detach().flatten() for layer in others for p in layer.parameters()]
    return found | {"weights of the other layers, after training": torch.cat(parts)}


TRIAL = Trial(
    cases=(Case("training", ("training", 4)), Case("evaluation", ("evaluation", 6))),
    outputs=(
        "anything changed (1: yes)",
        "output right after freezing",
        "output in training, before a step",
        "output in evaluation, before a step",
        "output in evaluation, after a step in evaluation",
        "output in evaluation, after training",
        "output in training, after training",
        "weights of the other layers, after training",
    ),
    observe=observe,
    arguments=("mode", "size of a batch"),
    wants="tensor",
    tolerance=1e-4,
)
