"""One sample is left over, and batch norm in training cannot use it alone."""

from functools import partial
from math import ceil

import torch

from bncourse.exercises.exercise import Exercise, Probe
from bncourse.exercises.materials.networks import pairs

# An order of the samples, from their number and the size of a batch: the first is right.
ORDERS = {
    "new": lambda count, size: torch.randperm(count),
    "given": lambda count, size: torch.arange(count),
    "same": lambda count, size: torch.randperm(count, generator=torch.Generator().manual_seed(0)),
    "within-batches": lambda count, size: torch.cat(
        [piece[torch.randperm(len(piece))] for piece in torch.arange(count).split(size)]
    ),
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
    "one-more-in-all": lambda pieces, size: list(torch.cat(pieces).split(size + 1)),
}


def _merged(pieces, needed):
    if not needed or len(pieces) < 2:
        return pieces
    return [*pieces[:-2], torch.cat(pieces[-2:])]


def batches_of(
    x, y, batch_size, *, remainder="single-merged", order="new", labels="together", given="kept"
):
    """Return `x` and `y` in batches of at least two; the switches make it wrong."""
    chosen = ORDERS[order](len(x), batch_size)
    pieces = REMAINDERS[remainder](list(chosen.split(batch_size)), batch_size)
    partner = y if labels == "together" else y.roll(1)
    found = [(x[piece], partner[piece]) for piece in pieces]
    if given == "reordered":
        x.copy_(x.flip(0))
    return found


def observe(answer, count, batch_size):
    """Return what may be said of the batches of two passes, whatever their order is."""
    x, y = torch.arange(2.0 * count).reshape(count, 2), torch.arange(count)
    given = [(x.clone(), y.clone()) for _ in range(2)]
    first, again = (answer(*copies, batch_size) for copies in given)
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
        # Few samples may come into any order by chance; of more than 100, none ever will.
        "samples with another label (1: yes)": count > 100 and (seen != labels).any(),
        "order as given (1: yes)": count > 100 and seen.equal(seen.sort().values),
        "order as in the last pass (1: yes)": count > 100 and seen.equal(other),
        "neighbours stay together (1: yes)": count > 100 and _together(first) > 0.6,
        "x or y changed (1: yes)": not all(a.equal(x) and b.equal(y) for a, b in given),
    }
    return {name: float(value) for name, value in found.items()}


def _together(batches):
    """Return the share of samples that are in one batch with the next one in the given list."""
    batch_of = {int(row): k for k, (x, _) in enumerate(batches) for row in x[:, 0] / 2}
    return sum(batch_of.get(row + 1) == k for row, k in batch_of.items()) / max(1, len(batch_of))


EXERCISE = Exercise(
    make=lambda **switches: partial(batches_of, **switches),
    arguments=("len(x)", "batch_size"),
    probes=(
        Probe("one-left", (161, 16)),
        Probe("six-left", (166, 16)),
        Probe("none-left", (160, 16)),
        Probe("of-two", (5, 2)),
        Probe("all-but-one", (17, 16)),
        Probe("two-left", (18, 16)),
        Probe("small", (12, 16)),
    ),
    outputs=(
        "batches of a single sample",
        "samples left out (1: yes)",
        "samples used twice (1: yes)",
        "batches too large",
        "batches more than needed",
        "samples with another label (1: yes)",
        "order as given (1: yes)",
        "order as in the last pass (1: yes)",
        "neighbours stay together (1: yes)",
        "x or y changed (1: yes)",
    ),
    observe=observe,
    wants="tensor",
    properties=(
        ("no-batch-of-one", lambda out, given: out["batches of a single sample"] == 0),
        ("none-left-out", lambda out, given: out["samples left out (1: yes)"] == 0),
        ("none-twice", lambda out, given: out["samples used twice (1: yes)"] == 0),
        ("batches-of-right-size", lambda out, given: out["batches too large"] == 0),
        ("batches-no-more-than-needed", lambda out, given: out["batches more than needed"] == 0),
        ("labels-stay", lambda out, given: out["samples with another label (1: yes)"] == 0),
    ),
)
