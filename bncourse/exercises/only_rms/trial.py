"""The backward pass of RMS normalization."""

import numpy as np

from bncourse.checker.exercise import Case, Trial
from bncourse.exercises.materials.batches import batch, given, in_32_bits


def rows(*shape, seed, eps=1e-5, scale=3.0):
    """Return g, x and eps; the rows of x are of different sizes."""
    g, x, _, eps = given(*batch(*shape, seed=seed, scale=scale, mean=scale), eps)
    return g, x * np.arange(1, len(x) + 1)[:, None], eps


TRIAL = Trial(
    outputs=("dx",),
    cases=(
        Case("two-rows", rows(2, 4, seed=51)[:2]),
        Case("large-eps", rows(4, 3, seed=52, eps=2.0)),
        Case("square", rows(3, 3, seed=53, eps=0.01)),
        Case("small", rows(2, 3, seed=55, eps=1e-3, scale=0.01)),
        Case("float32", in_32_bits(rows(3, 5, seed=54)[:2]), tolerance=1e-3),
    ),
)
