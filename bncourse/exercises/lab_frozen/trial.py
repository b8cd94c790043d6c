"""A new head is trained on a frozen body, whose statistics must not move either."""

from torch import nn

from bncourse.checker.exercise import Case, Trial
from bncourse.exercises.materials.fixed_dropout import FixedDropout
from bncourse.exercises.materials.networks import made, normal, statistics, weights


def new_body():
    """Return two linear layers with batch norm, and dropout between them."""
    layers = [(nn.Linear(n, 6), nn.BatchNorm1d(6), nn.ReLU()) for n in (5, 6)]
    return nn.Sequential(*layers[0], FixedDropout(), *layers[1])


def new_head():
    """Return a small network that gives scores for three classes."""
    return nn.Sequential(nn.Linear(6, 5), nn.BatchNorm1d(5), nn.ReLU(), nn.Linear(5, 3))


def batches():
    """Return four batches of samples and their labels."""
    x = 1 + 2 * normal(60, 5, seed=8)
    y = x[:, :3].argmax(1)
    return list(zip(x.split(15), y.split(15), strict=True))


def observe(answer, body_mode, head_mode):
    """Return what became of body and head, each found in one mode."""
    body, head = made(new_body, seed=6), made(new_head, seed=7)
    body.train(body_mode == "training")
    head.train(head_mode == "training")
    answer(body, head, batches(), 0.3)
    return {
        "running statistics of the body": statistics(body),
        "weights of the body": weights(body),
        "weights of the head": weights(head),
        "running statistics of the head": statistics(head),
    }


TRIAL = Trial(
    arguments=("mode of the body", "mode of the head"),
    cases=(
        Case("training", ("training", "training")),
        Case("evaluation", ("evaluation", "evaluation")),
        Case("mixed", ("training", "evaluation")),
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
