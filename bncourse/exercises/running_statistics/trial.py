"""One step of the running mean and the running variance."""

import numpy as np

from bncourse.checker.exercise import Case, Trial


def batch(*shape, rate, seed, mean=3.0, order="C"):
    """Return a batch, running statistics for its features, and the update rate."""
    rng = np.random.default_rng(seed)
    scale = np.arange(1, shape[1] + 1)
    x = np.asarray(mean + 2 * scale * rng.normal(size=shape), order=order)
    return x, mean + rng.normal(size=shape[1]), rng.uniform(1, 9, shape[1]), rate


def in_32_bits():
    """Return a batch and running statistics with 32 bits, and the update rate."""
    *arrays, rate = batch(5, 2, rate=0.1, seed=3)
    return *(array.astype(np.float32) for array in arrays), rate


TRIAL = Trial(
    outputs=("new_mean", "new_var"),
    cases=(
        Case("pair", batch(2, 3, rate=0.25, seed=1)),
        Case("four", batch(4, 2, rate=0.1, seed=2)),
        Case("square", batch(3, 3, rate=0.9, seed=4, order="F")),
        Case("float32", in_32_bits(), tolerance=1e-4),
        Case("far", batch(6, 2, rate=0.5, seed=5, mean=1e8), tolerance=1e-3),
    ),
)
