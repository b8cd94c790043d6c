"""Data is dealt to workers, and the statistics of a worker must not tell the class."""

from functools import partial

import torch

from bncourse.exercises.exercise import Exercise, Probe
from bncourse.exercises.materials.networks import pairs
from bncourse.exercises.observing import UnfitError

CLASSES = 10


def deal(x, y, workers, *, dealt="shuffled", labels="together", rest="kept"):
    """Return a share of the data for each worker; the switches make it wrong."""
    count = len(x) if rest == "kept" else len(x) // workers * workers
    shares = DEALT[dealt](y, count, workers)
    partner = y if labels == "together" else y[torch.randperm(len(y))]
    return [(x[share], partner[share]) for share in shares]


DEALT = {
    "shuffled": lambda y, count, workers: torch.randperm(count).tensor_split(workers),
    "in-a-row": lambda y, count, workers: torch.arange(count).tensor_split(workers),
    "in-turn": lambda y, count, workers: [torch.arange(k, count, workers) for k in range(workers)],
    "by-class": lambda y, count, workers: y[:count].argsort(stable=True).tensor_split(workers),
    "drawn": lambda y, count, workers: [
        torch.randperm(count)[: count // workers] for _ in range(workers)
    ],
    "everything": lambda y, count, workers: [torch.randperm(count) for _ in range(workers)],
}


def _labels(order, count):
    turns = torch.arange(count) % CLASSES
    return {"sorted": turns.sort().values, "in-turn": turns}[order]


def observe(answer, order, count, workers):
    """Return what may be said of the shares, however the data was shuffled."""
    y = _labels(order, count)
    x = torch.stack([torch.arange(float(count)), y], 1)
    shares = answer(x.clone(), y.clone(), workers)
    if shares is None:
        return None
    shares = pairs(shares)
    if not shares:
        raise UnfitError("wrong-count", found=0, wanted=workers, names="one share for each")
    images = torch.cat([images for images, _ in shares])
    labels = torch.cat([labels for _, labels in shares])
    sizes = [len(images) for images, _ in shares]
    different = len(images[:, 0].unique())
    classes = [len(images[:, 1].unique()) for images, _ in shares]
    found = {
        "a share lacks a class (1: yes)": min(classes) < CLASSES,
        "images with another label (1: yes)": (images[:, 1] != labels).any(),
        "samples left out (1: yes)": different < count,
        "samples in more than one share (1: yes)": len(images) > different,
        "shares too many or too few": abs(len(shares) - workers),
        "shares of a wrong size (1: yes)": max(abs(size - count / workers) for size in sizes)
        >= workers,
    }
    return {name: float(value) for name, value in found.items()}


EXERCISE = Exercise(
    make=lambda **switches: partial(deal, **switches),
    arguments=("labels", "len(x)", "workers"),
    probes=(Probe("sorted", ("sorted", 1003, 5)), Probe("in-turn", ("in-turn", 1003, 5))),
    outputs=(
        "a share lacks a class (1: yes)",
        "images with another label (1: yes)",
        "samples left out (1: yes)",
        "samples in more than one share (1: yes)",
        "shares too many or too few",
        "shares of a wrong size (1: yes)",
    ),
    observe=observe,
    wants="tensor",
    properties=(
        ("one-share-each", lambda out, given: out["shares too many or too few"] == 0),
        ("none-left-out", lambda out, given: out["samples left out (1: yes)"] == 0),
        ("none-twice", lambda out, given: out["samples in more than one share (1: yes)"] == 0),
        ("labels-stay", lambda out, given: out["images with another label (1: yes)"] == 0),
        ("every-class", lambda out, given: out["a share lacks a class (1: yes)"] == 0),
        ("shares-of-right-size", lambda out, given: out["shares of a wrong size (1: yes)"] == 0),
    ),
)
