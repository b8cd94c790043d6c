"""One sample is left over, and batch norm in training cannot use it alone."""

from math import ceil

import torch

from bncourse.checker.exercise import Case, Trial
from bncourse.exercises.materials.networks import pairs


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
    different = len(seen.unique())
    other = torch.cat([none, *[images[:, 0] for images, _ in again]]) / 2
    many = len(seen) > 100  # few may come into any order by chance
    found = {
        "batches of a single sample": sum(size < 2 for size in sizes),
        "samples left out (2: or more)": min(count - different, 2),
        "samples used twice (2: or more)": min(len(seen) - different, 2),
        "batches too large": sum(size > batch_size + 1 for size in sizes),
        "batches more than needed": max(0, len(sizes) - ceil(count / batch_size)),
        "samples with another label (1: yes)": many and (seen != labels).any(),
        "order as given (1: yes)": many and seen.equal(seen.sort().values),
        "order as in the last pass (1: yes)": many and seen.equal(other),
        "neighbours stay together (1: yes)": many and together(first) > 0.5,
        "x or y changed (1: yes)": not all(a.equal(x) and b.equal(y) for a, b in given),
    }
    return {name: float(value) for name, value in found.items()}


def together(batches):
    """Return the share of samples that are with the next one in the list, less that by chance."""
    batch_of = {int(row): k for k, (x, _) in enumerate(batches) for row in x[:, 0] / 2}
    shared = sum(batch_of.get(row + 1) == k for row, k in batch_of.items())
    chance = sum(len(x) ** 2 for x, _ in batches) / len(batch_of)
    return (shared - chance) / len(batch_of)


TRIAL = Trial(
    arguments=("len(x)", "batch_size"),
    cases=(
        Case("one-left", (161, 16)),
        Case("six-left", (166, 16)),
        Case("none-left", (160, 16)),
        Case("of-two", (25, 2)),
        Case("all-but-one", (33, 32)),
        Case("two-left", (34, 32)),
        Case("small", (20, 32)),
    ),
    outputs=(
        "batches of a single sample",
        "samples left out (2: or more)",
        "samples used twice (2: or more)",
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
        ("none-left-out", lambda out, given: out["samples left out (2: or more)"] == 0),
        ("none-twice", lambda out, given: out["samples used twice (2: or more)"] == 0),
        ("batches-of-right-size", lambda out, given: out["batches too large"] == 0),
        ("batches-no-more-than-needed", lambda out, given: out["batches more than needed"] == 0),
        ("labels-stay", lambda out, given: out["samples with another label (1: yes)"] == 0),
    ),
)
