"""Batch norm in evaluation: with the running statistics."""

import numpy as np

from bncourse.checker.exercise import Case, Trial


def batch(*shape, seed):
    """Return a batch, γ, β and the running statistics; every other γ is negative."""
    rng = np.random.default_rng(seed)
    columns = np.arange(1, shape[1] + 1)
    gamma = rng.uniform(0.5, 2, shape[1]) * (-1) ** columns
    running_var = rng.uniform(0.2, 5, shape[1])
    x = 2 + 3 * columns * rng.normal(size=shape)
    return x, gamma, rng.normal(size=shape[1]), rng.uniform(1, 4, shape[1]), running_var


def small_variances():
    """Return a batch with a running variance of 0 and one below ε, and ε."""
    *rest, _ = batch(4, 3, seed=5)
    return *rest, np.array([0.0, 1e-4, 2.0]), 1e-3


TRIAL = Trial(
    outputs=("y",),
    cases=(
        Case("single", batch(1, 2, seed=1)),
        Case("four", batch(4, 2, seed=2)),
        Case("large-eps", (*batch(3, 2, seed=3), 0.5)),
        Case("square", batch(3, 3, seed=4)),
        Case("small", small_variances()),
        Case(
            "float32",
            tuple(part.astype(np.float32) for part in batch(5, 2, seed=6)),
            tolerance=1e-4,
        ),
    ),
)
