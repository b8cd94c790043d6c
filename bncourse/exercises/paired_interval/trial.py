"""The interval of the mean of paired differences."""

import numpy as np

from bncourse.checker.exercise import Case, Trial


def runs(seeds, seed, gain=0.6, spread=1.0, luck=4.0):
    """Return the accuracies of two arms that share the luck of each seed."""
    rng = np.random.default_rng(seed)
    common = 92 + luck * rng.normal(size=seeds)
    return common + gain + spread * rng.normal(size=seeds), common + rng.normal(size=seeds)


def both_ends(answer, *args):
    """Return the two ends in one array, so that an end close to 0 is not held to more digits."""
    value = answer(*args)
    return np.array(value) if isinstance(value, tuple | list) else value


TRIAL = Trial(
    outputs=("interval",),
    cases=(
        Case("three", runs(3, seed=1)),
        Case("ten", runs(10, seed=2)),
        Case("two", runs(2, seed=3)),
        Case("worse", runs(12, seed=4, gain=-1.5)),
        Case("forty", runs(40, seed=5, gain=0.2, spread=2.0)),
        Case("unequal", runs(10, seed=6, luck=0.3, spread=6.0)),
    ),
    observe=both_ends,
    arguments=("with_norm", "without"),
    tolerance=1e-3,
)
