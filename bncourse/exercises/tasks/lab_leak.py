"""Data is dealt to workers, and the statistics of a worker must not tell the class."""

from functools import partial

import torch

from bncourse.exercises.exercise import Exercise, Probe
from bncourse.exercises.materials.networks import pairs
from bncourse.exercises.returned import UnfitError


def deal(
    x, y, workers, *, dealt="shuffled", labels="together", rest="kept", number="asked", given="kept"
):
    """Return a share of the data for each worker; the switches make it wrong."""
    workers = workers if number == "asked" else 5
    count = len(x) if rest == "kept" else len(x) // workers * workers
    shares = DEALT[dealt](y, count, workers)
    partner = y if labels == "together" else y[torch.randperm(len(y))]
    found = [(x[share], partner[share]) for share in shares]
    if given == "reordered":
        x.copy_(x.flip(0))
    return found


DEALT = {
    "shuffled": lambda y, count, workers: torch.randperm(count).tensor_split(workers),
    "in-a-row": lambda y, count, workers: torch.arange(count).tensor_split(workers),
    "in-turn": lambda y, count, workers: [torch.arange(k, count, workers) for k in range(workers)],
    "by-class": lambda y, count, workers: y[:count].argsort(stable=True).tensor_split(workers),
    "class-by-class": lambda y, count, workers: _class_by_class(y[:count], y.unique(), workers),
    "ten-classes": lambda y, count, workers: _class_by_class(y[:count], range(10), workers),
    "drawn": lambda y, count, workers: [
        torch.randperm(count)[: count // workers] for _ in range(workers)
    ],
    "everything": lambda y, count, workers: [torch.randperm(count) for _ in range(workers)],
}


def _class_by_class(y, classes, workers):
    """Return the samples of each class cut into as many pieces as there are workers."""
    pieces = [(y == k).nonzero().flatten().tensor_split(workers) for k in classes]
    return [torch.cat(share) for share in zip(*pieces, strict=True)]


def _labels(order, count, classes):
    turns = torch.arange(count) % classes
    return {"sorted": turns.sort().values, "in-turn": turns}[order]


def observe(answer, order, count, workers, classes):
    """Return what may be said of the shares, however the data was shuffled."""
    y = _labels(order, count, classes)
    x = torch.stack([torch.arange(float(count)), y], 1)
    given = x.clone(), y.clone()
    shares = answer(*given, workers)
    if shares is None:
        return None
    shares = pairs(shares)
    if not shares:
        raise UnfitError("wrong-count", found=0, wanted=workers, names="one share for each")
    images = torch.cat([images for images, _ in shares])
    labels = torch.cat([labels for _, labels in shares])
    sizes = [len(images) for images, _ in shares]
    different = len(images[:, 0].unique())
    found = {
        "a share lacks a class (1: yes)": any(
            len(images[:, 1].unique()) < classes for images, _ in shares
        ),
        "samples with another label (1: yes)": (images[:, 1] != labels).any(),
        "samples left out (1: yes)": different < count,
        "samples in more than one share (1: yes)": len(images) > different,
        "shares too many or too few": abs(len(shares) - workers),
        "shares of unequal size (1: yes)": max(sizes) - min(sizes) >= workers,
        "x or y changed (1: yes)": not (given[0].equal(x) and given[1].equal(y)),
    }
    return {name: float(value) for name, value in found.items()}


EXERCISE = Exercise(
    make=lambda **switches: partial(deal, **switches),
    arguments=("labels", "len(x)", "workers", "classes"),
    probes=(
        Probe("sorted", ("sorted", 1003, 5, 10)),
        Probe("in-turn", ("in-turn", 1003, 5, 10)),
        Probe("four-left", ("sorted", 1040, 5, 10)),
        Probe("three-workers", ("in-turn", 1003, 3, 12)),
    ),
    outputs=(
        "a share lacks a class (1: yes)",
        "samples with another label (1: yes)",
        "samples left out (1: yes)",
        "samples in more than one share (1: yes)",
        "shares too many or too few",
        "shares of unequal size (1: yes)",
        "x or y changed (1: yes)",
    ),
    observe=observe,
    wants="tensor",
    properties=(
        ("one-share-each", lambda out, given: out["shares too many or too few"] == 0),
        ("none-left-out", lambda out, given: out["samples left out (1: yes)"] == 0),
        ("none-twice", lambda out, given: out["samples in more than one share (1: yes)"] == 0),
        ("labels-stay", lambda out, given: out["samples with another label (1: yes)"] == 0),
        ("every-class", lambda out, given: out["a share lacks a class (1: yes)"] == 0),
        ("shares-of-right-size", lambda out, given: out["shares of unequal size (1: yes)"] == 0),
        ("given-samples-kept", lambda out, given: out["x or y changed (1: yes)"] == 0),
    ),
)
