"""Data is dealt to workers, and the statistics of a worker must not tell the class."""

import torch

from bncourse.checker.exercise import Case, Trial
from bncourse.checker.returned import UnfitError
from bncourse.exercises.materials.networks import pairs


def sorted_or_in_turn(order, count, classes):
    """Return labels, sorted by class or with the classes in turn."""
    turns = torch.arange(count) % classes
    return {"sorted": turns.sort().values, "in-turn": turns}[order]


def observe(answer, order, count, workers, classes):
    """Return what may be said of the shares, however the data was shuffled."""
    y = sorted_or_in_turn(order, count, classes)
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
    large = [images for images, _ in shares if len(images) > 100]  # a few may lack any class
    different = len(images[:, 0].unique())
    twice = len(images) > different
    everywhere = len(images) >= count * len(shares) > count
    found = {
        "a share lacks a class (1: yes)": any(len(s[:, 1].unique()) < classes for s in large),
        "samples with another label (1: yes)": (images[:, 1] != labels).any(),
        "samples left out (1: yes)": different < count,
        "samples in several shares (1: some, 2: all)": twice + everywhere,
        "shares too many or too few": abs(len(shares) - workers),
        "shares of unequal size (1: yes)": max(sizes) - min(sizes) >= workers,
        "x or y changed (1: yes)": not (given[0].equal(x) and given[1].equal(y)),
    }
    return {name: float(value) for name, value in found.items()}


TRIAL = Trial(
    arguments=("labels", "len(x)", "workers", "classes"),
    cases=(
        Case("sorted", ("sorted", 1003, 5, 10)),
        Case("in-turn", ("in-turn", 1003, 5, 10)),
        Case("four-left", ("sorted", 1040, 5, 10)),
        Case("three-workers", ("in-turn", 1003, 3, 12)),
        Case("ten-by-three", ("sorted", 1003, 3, 10)),
    ),
    outputs=(
        "a share lacks a class (1: yes)",
        "samples with another label (1: yes)",
        "samples left out (1: yes)",
        "samples in several shares (1: some, 2: all)",
        "shares too many or too few",
        "shares of unequal size (1: yes)",
        "x or y changed (1: yes)",
    ),
    observe=observe,
    wants="tensor",
    properties=(
        ("one-share-each", lambda out, given: out["shares too many or too few"] == 0),
        ("none-left-out", lambda out, given: out["samples left out (1: yes)"] == 0),
        ("none-twice", lambda out, given: out["samples in several shares (1: some, 2: all)"] == 0),
        ("labels-stay", lambda out, given: out["samples with another label (1: yes)"] == 0),
        ("every-class", lambda out, given: out["a share lacks a class (1: yes)"] == 0),
        ("shares-of-right-size", lambda out, given: out["shares of unequal size (1: yes)"] == 0),
        ("given-samples-kept", lambda out, given: out["x or y changed (1: yes)"] == 0),
    ),
)
