"""Batch norm in evaluation, folded into the linear layer before it."""

import numpy as np

from bncourse.checker.exercise import Case, Trial


def layers(n_in, n_out, seed):
    """Return the weight, the bias, γ, β and the running statistics; every other γ is negative."""
    rng = np.random.default_rng(seed)
    gamma = rng.uniform(0.5, 2, n_out) * (-1) ** np.arange(n_out)
    weight, running_var = rng.normal(size=(n_in, n_out)), rng.uniform(0.2, 5, n_out)
    bias, beta, mean = 1 + rng.normal(size=(3, n_out))
    return weight, bias, gamma, beta, mean, running_var


def nearly_constant():
    """Return layers with a running variance of 0 and one below ε, and ε."""
    *rest, _ = layers(2, 3, seed=5)
    return *rest, np.array([0.0, 1e-4, 2.0]), 1e-3


TRIAL = Trial(
    outputs=("new_weight", "new_bias"),
    cases=(
        Case("small", layers(2, 2, seed=1)),
        Case("wide", layers(3, 2, seed=2)),
        Case("square", layers(3, 3, seed=3)),
        Case("large-eps", (*layers(3, 3, seed=4), 0.5)),
        Case("constant", nearly_constant()),
        Case(
            "float32",
            tuple(part.astype(np.float32) for part in layers(4, 2, seed=6)),
            tolerance=1e-4,
        ),
    ),
)
