"""A running average that starts at 0, with the weight of its start divided out."""

import numpy as np

from bncourse.checker.exercise import Case, Trial


def statistics(*shape, rate, seed):
    """Return statistics of batches, a row for each, and the update rate."""
    rng = np.random.default_rng(seed)
    return 5 + 2 * rng.normal(size=shape), rate


def is_short(outputs, given):
    """Say whether there are only a few steps."""
    return len(given["values"]) < 100


def starts_at_first_batch(outputs, given):
    """Say whether the first average is the first batch."""
    return np.allclose(outputs["averages"][0], given["values"][0])


TRIAL = Trial(
    outputs=("averages",),
    cases=(
        Case("one", statistics(1, 2, rate=0.25, seed=1)),
        Case("three", statistics(3, 1, rate=0.25, seed=2)),
        Case("square", statistics(3, 3, rate=0.7, seed=3)),
        Case("slow", statistics(20, 2, rate=0.01, seed=4)),
        Case("plain", (np.full((4, 2), 3.0), 0.1)),
        Case("whole", (np.array([[1, 4], [2, 9], [5, 2]]), 0.25)),
        Case("long", statistics(350, 1, rate=0.01, seed=5)),
        Case("long-fast", statistics(350, 1, rate=0.9, seed=6)),
    ),
    properties=(
        ("right-for-a-few-steps", is_short),
        ("first-is-first-batch", starts_at_first_batch),
    ),
)
