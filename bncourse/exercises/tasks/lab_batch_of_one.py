"""One sample is left over, and batch norm in training cannot use it alone."""

from functools import partial
from math import ceil

import torch

from bncourse.exercises.exercise import Exercise, Probe
from bncourse.exercises.materials.networks import pairs

ORDERS = {
    "new": torch.randperm,
    "given": torch.arange,
    "same": lambda count: torch.randperm(count, generator=torch.Generator().manual_seed(0)),
}
# What becomes of the pieces of the order when the last one is short: the first is right.
REMAINDERS = {
    "single-merged": lambda pieces, size: _merged(pieces, len(pieces[-1]) == 1),
    "left": lambda pieces, size: pieces,
    "dropped": lambda pieces, size: [piece for piece in pieces if len(piece) == size],
    "single-dropped": lambda pieces, size: [piece for piece in pieces if len(piece) > 1],
    "single-doubled": lambda pieces, size: [p.repeat(2) if len(p) == 1 else p for p in pieces],
    "filled": lambda pieces, size: [*pieces[:-1], torch.cat([pieces[-1], pieces[0]])[:size]],
    "merged": lambda pieces, size: _merged(pieces, len(pieces[-1]) < size),
}


def _merged(pieces, needed):
    if not needed or len(pieces) < 2:
        return pieces
    return [*pieces[:-2], torch.cat(pieces[-2:])]


def batches_of(x, y, batch_size, *, remainder="single-merged", order="new", labels="together"):
    """Return `x` and `y` in batches of at least two; the switches make it wrong."""
    chosen = ORDERS[order](len(x))
    pieces = REMAINDERS[remainder](list(chosen.split(batch_size)), batch_size)
    partner = y if labels == "together" else y.roll(1)
    return [(x[piece], partner[piece]) for piece in pieces]


def observe(answer, count, batch_size):
    """Return what may be said of the batches of two passes, whatever their order is."""
    x, y = torch.arange(2.0 * count).reshape(count, 2), torch.arange(count)
    first, again = (answer(x.clone(), y.clone(), batch_size) for _ in range(2))
    if first is None or again is None:
        return None
    first, again = pairs(first), pairs(again)
    sizes = [len(images) for images, _ in first]
    none = torch.empty(0)  # there may be no batch at all
    seen = torch.cat([none, *[images[:, 0] for images, _ in first]]) / 2
    labels = torch.cat([none, *[labels for _, labels in first]])
    other = torch.cat([none, *[images[:, 0] for images, _ in again]]) / 2
    found = {
        "batches of a single sample": sum(size < 2 for size in sizes),
        "samples left out (1: yes)": len(seen.unique()) < count,
        "samples used twice (1: yes)": len(seen) > len(seen.unique()),
        "batches too large": sum(size > batch_size + 1 for size in sizes),
        "batches more than needed": max(0, len(sizes) - ceil(count / batch_size)),
        # Few samples may come into any order by chance; of more than 20, none ever will.
        "images with another label (1: yes)": count > 20 and (seen != labels).any(),
        "order as given (1: yes)": count > 20 and seen.equal(seen.sort().values),
        "order as in the last pass (1: yes)": count > 20 and seen.equal(other),
    }
    return {name: float(value) for name, value in found.items()}


EXERCISE = Exercise(
    make=lambda **switches: partial(batches_of, **switches),
    arguments=("len(x)", "batch_size"),
    probes=(
        Probe("one-left", (65, 16)),
        Probe("six-left", (70, 16)),
        Probe("none-left", (64, 16)),
        Probe("of-two", (5, 2)),
        Probe("all-but-one", (17, 16)),
        Probe("small", (12, 16)),
    ),
    outputs=(
        "batches of a single sample",
        "samples left out (1: yes)",
        "samples used twice (1: yes)",
        "batches too large",
        "batches more than needed",
        "images with another label (1: yes)",
        "order as given (1: yes)",
        "order as in the last pass (1: yes)",
    ),
    observe=observe,
    wants="tensor",
    properties=(
        ("no-batch-of-one", lambda out, given: out["batches of a single sample"] == 0),
        ("none-left-out", lambda out, given: out["samples left out (1: yes)"] == 0),
        ("none-twice", lambda out, given: out["samples used twice (1: yes)"] == 0),
        ("batches-of-right-size", lambda out, given: out["batches too large"] == 0),
        ("batches-no-more-than-needed", lambda out, given: out["batches more than needed"] == 0),
        ("labels-stay", lambda out, given: out["images with another label (1: yes)"] == 0),
    ),
)
