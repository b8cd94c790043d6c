"""How many standard errors running means are off, norm by norm, and which norm is off the most."""

import numpy as np

from bncourse.checker.exercise import Case, Trial


def given(sizes, momentum, size, seed, off=(0.0,)):
    """Return what norms of so many samples and features met, and running means that are `off`.

    The unit of `off` is a standard deviation. Features differ in scale by a factor of three each.
    """
    rng = np.random.default_rng(seed)
    met, means = [], []
    for place, (samples, features) in enumerate(sizes):
        std = 3.0 ** np.arange(features)
        middle = rng.normal(size=features) * std
        met.append(middle + std * rng.normal(size=(samples, features)))
        chance = 0.1 * rng.normal(size=features)
        means.append(middle + std * (chance + off[place % len(off)]))
    return met, means, momentum, size


TRIAL = Trial(
    outputs=("found", "place"),
    cases=(
        Case("one", given([(5, 1)], 0.1, 4, seed=1)),
        Case("three", given([(6, 3)] * 3, 0.1, 8, seed=2, off=(0.2, -1.5, 0.1))),
        Case("scales", given([(8, 5), (8, 5)], 0.3, 16, seed=3, off=(-0.1, 1.0))),
        Case("slow", given([(7, 4), (9, 2), (6, 3)], 0.01, 2, seed=4, off=(0.8, 0.1, -0.2))),
        Case("last-batch", given([(9, 3), (7, 3)], 1.0, 6, seed=5, off=(0.3, 0.9))),
    ),
)
