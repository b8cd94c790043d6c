"""Batch norm layers frozen for fine-tuning, whatever the training loop calls."""

from functools import partial

import torch
from torch import nn
from torch.nn.functional import cross_entropy

from bncourse.exercises.exercise import Exercise, Probe
from bncourse.exercises.materials.fixed_dropout import FixedDropout
from bncourse.exercises.materials.networks import normal

NORMS = (nn.BatchNorm1d, nn.BatchNorm2d)
OTHER_NORMS = (nn.LayerNorm, nn.InstanceNorm2d)
# Which layers are found.
FOUND = {
    "all": lambda model: [m for m in model.modules() if isinstance(m, NORMS)],
    "children": lambda model: [m for m in model.children() if isinstance(m, NORMS)],
    "two-levels": lambda model: [
        m for child in model.children() for m in (child, *child.children()) if isinstance(m, NORMS)
    ],
    "all-norms": lambda model: [m for m in model.modules() if isinstance(m, NORMS + OTHER_NORMS)],
    "1d": lambda model: [m for m in model.modules() if isinstance(m, nn.BatchNorm1d)],
    "2d": lambda model: [m for m in model.modules() if isinstance(m, nn.BatchNorm2d)],
}


def _hold_in_evaluation(module):
    module.eval()
    module.train = lambda mode=True: module


def _hold_from_train_on(model):
    layers = FOUND["all"](model)

    def train(mode=True):
        nn.Module.train(model, mode)
        for layer in layers:
            layer.eval()
        return model

    model.train = train


def _without_gradient(layer):
    _hold_in_evaluation(layer)
    forward = layer.forward
    layer.forward = lambda x: forward(x).detach()


def _with_default_eps(layer):
    layer.eps = 1e-5
    _hold_in_evaluation(layer)


def _without_affine(layer):
    layer.weight = layer.bias = None
    _hold_in_evaluation(layer)


def _lock(layer):
    layer.train = lambda mode=True: layer


def _remove(model, layers):
    for module in list(model.modules()):
        for name, child in list(module.named_children()):
            if child in layers:
                setattr(module, name, nn.Identity())


def _hold_with(**settings):
    def hold(model, layers):
        for layer in layers:
            for name, value in settings.items():
                setattr(layer, name, value)

    return hold


def _each(action):
    return lambda model, layers: [action(layer) for layer in layers]


# How the statistics are held: the first is right.
HOLDS = {
    "in-evaluation": _each(_hold_in_evaluation),
    "not-at-all": _each(lambda layer: None),
    "eval-once": _each(lambda layer: layer.eval()),
    "whole-eval-once": lambda model, layers: model.eval(),
    "whole-in-evaluation": lambda model, layers: _hold_in_evaluation(model),
    "whole-left-in-evaluation": lambda model, layers: (
        [_hold_in_evaluation(layer) for layer in layers],
        model.eval(),
    ),
    "train-switched-off": lambda model, layers: (
        [layer.eval() for layer in layers],
        setattr(model, "train", lambda mode=True: model),
    ),
    "from-train-on": lambda model, layers: _hold_from_train_on(model),
    "with-dropout": lambda model, layers: [
        _hold_in_evaluation(m) for m in model.modules() if m in layers or isinstance(m, nn.Dropout)
    ],
    "left-in-training": lambda model, layers: (
        model.train(),
        [_hold_in_evaluation(layer) for layer in layers],
    ),
    "as-it-comes": _each(_lock),
    "without-gradient": _each(_without_gradient),
    "default-eps": _each(_with_default_eps),
    "removed": _remove,
    "without-affine": _each(_without_affine),
    "after-first-pass": _each(
        lambda layer: layer.register_forward_hook(lambda layer, x, y: layer.eval() and None)
    ),
    "not-updated": _hold_with(momentum=0.0),
    "forgotten": _hold_with(running_mean=None, running_var=None, track_running_stats=False),
    "reset": _each(lambda layer: (layer.reset_running_stats(), _hold_in_evaluation(layer))),
}
# How a parameter is held: the first is right.
MEANS = {
    "requires-grad": lambda parameter: parameter.requires_grad_(False),
    "zero-gradient": lambda parameter: parameter.register_hook(torch.zeros_like),
}
# Which parameters are held: the first is right.
PARAMETERS = {
    "both": lambda model, layers: [p for layer in layers for p in layer.parameters()],
    "none": lambda model, layers: [],
    "gamma": lambda model, layers: [layer.weight for layer in layers],
    "beta": lambda model, layers: [layer.bias for layer in layers],
    "all": lambda model, layers: [*model.parameters()],
    "all-but-last": lambda model, layers: [*model.parameters()][:-2],
    "all-but-norms": lambda model, layers: [
        p for m in model.modules() if not isinstance(m, NORMS) for p in m.parameters(recurse=False)
    ],
}


def freeze(model, *, found="all", hold="in-evaluation", parameters="both", by="requires-grad"):
    """Freeze the batch norm layers of `model`; the switches make it wrong."""
    layers = FOUND[found](model)
    HOLDS[hold](model, layers)
    for parameter in PARAMETERS[parameters](model, layers):
        MEANS[by](parameter)


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
        for norm in FOUND["all"](network):
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


EXERCISE = Exercise(
    make=lambda **switches: partial(freeze, **switches),
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
