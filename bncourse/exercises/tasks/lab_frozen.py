"""A new head is trained on a frozen body, whose statistics must not move either."""

from copy import deepcopy
from functools import partial

import torch
from torch import nn
from torch.nn.functional import cross_entropy, one_hot

from bncourse.exercises.exercise import Exercise, Probe
from bncourse.exercises.materials.fixed_dropout import FixedDropout
from bncourse.exercises.materials.networks import made, normal, norms, statistics, weights


def fine_tune(
    body,
    head,
    batches,
    learning_rate,
    *,
    body_mode="evaluation",
    head_mode="training",
    trained="head",
    zeroed=True,
    loss="of-scores",
    optimizer="plain",
    stepped="each",
    shown="all",
):
    """Train the head for one pass over the batches; the switches make it wrong."""
    kept = {key: value.clone() for key, value in body.state_dict().items() if "running" in key}
    MODES[body_mode](body)
    MODES[head_mode](head)
    head = deepcopy(head) if trained == "copy" else head
    steps = OPTIMIZERS[optimizer](TRAINED[trained](body, head), learning_rate)
    for x, y in SHOWN[shown](batches):
        if zeroed and stepped == "each":
            steps.zero_grad()
        LOSSES[loss](head(body(x)), y).backward()
        if stepped == "each":
            steps.step()
    if stepped == "once":
        steps.step()
    if body_mode == "statistics-kept":
        body.load_state_dict(kept, strict=False)


MODES = {
    "evaluation": lambda part: part.eval(),
    "training": lambda part: part.train(),
    "statistics-kept": lambda part: part.train(),
    "as-found": lambda part: None,
    "first-norm": lambda part: norms(part.train())[0].eval(),
    "norms": lambda part: [norm.eval() for norm in norms(part.train())],
}
LOSSES = {
    "of-scores": cross_entropy,
    "of-shares": lambda scores, y: cross_entropy(scores.softmax(1), y),
    "summed": lambda scores, y: cross_entropy(scores, y, reduction="sum"),
    "squares": lambda scores, y: ((scores - one_hot(y, scores.shape[1])) ** 2).mean(),
}
OPTIMIZERS = {
    "plain": torch.optim.SGD,
    "momentum": partial(torch.optim.SGD, momentum=0.9),
    "adam": torch.optim.Adam,
}
SHOWN = {
    "all": lambda batches: batches,
    "first": lambda batches: batches[:1],
    "twice": lambda batches: 2 * batches,
}
TRAINED = {
    "head": lambda body, head: [*head.parameters()],
    "copy": lambda body, head: [*head.parameters()],
    "all": lambda body, head: [*head.parameters(), *body.parameters()],
    "head-and-norms": lambda body, head: [*head.parameters(), *_of(nn.BatchNorm1d, body)],
    "head-and-linears": lambda body, head: [*head.parameters(), *_of(nn.Linear, body)],
}


def _of(kind, part):
    modules = [module for module in part.modules() if isinstance(module, kind)]
    return [parameter for module in modules for parameter in module.parameters()]


def _body():
    layers = [(nn.Linear(n, 6), nn.BatchNorm1d(6), nn.ReLU()) for n in (5, 6)]
    return nn.Sequential(*layers[0], FixedDropout(), *layers[1])


def _head():
    return nn.Sequential(nn.Linear(6, 5), nn.BatchNorm1d(5), nn.ReLU(), nn.Linear(5, 3))


def _batches():
    x = 1 + 2 * normal(60, 5, seed=8)
    y = x[:, :3].argmax(1)
    return list(zip(x.split(15), y.split(15), strict=True))


def observe(answer, body_mode, head_mode):
    """Return what became of body and head, each found in one mode."""
    body, head = made(_body, seed=6), made(_head, seed=7)
    body.train(body_mode == "training")
    head.train(head_mode == "training")
    answer(body, head, _batches(), 0.3)
    return {
        "running statistics of the body": statistics(body),
        "weights of the body": weights(body),
        "weights of the head": weights(head),
        "running statistics of the head": statistics(head),
    }


EXERCISE = Exercise(
    make=lambda **switches: partial(fine_tune, **switches),
    arguments=("mode of the body", "mode of the head"),
    probes=(
        Probe("training", ("training", "training")),
        Probe("evaluation", ("evaluation", "evaluation")),
        Probe("mixed", ("training", "evaluation")),
    ),
    outputs=(
        "running statistics of the body",
        "weights of the body",
        "weights of the head",
        "running statistics of the head",
    ),
    observe=observe,
    wants="tensor",
    tolerance=1e-4,
)
