"""The backward pass of standardizing, step by step."""

import numpy as np

from bncourse.checker.exercise import Case, Trial


def saved(*shape, seed, eps=1e-5, scale=1.5):
    """Return g, and what the forward pass has saved: d, var, std."""
    rng = np.random.default_rng(seed)
    x = 2 + scale * np.arange(1, shape[1] + 1) * rng.normal(size=shape)
    d = x - x.mean(0)
    var = (d**2).mean(0)
    return rng.normal(size=shape) + 0.5, d, var, np.sqrt(var + eps)


TRIAL = Trial(
    outputs=("std", "var", "square", "d", "mean", "x"),
    cases=(
        Case("four", saved(4, 2, seed=21)),
        Case("large-eps", saved(5, 3, seed=22, eps=0.5)),
        Case("square", saved(3, 3, seed=23)),
        Case("small", saved(6, 1, seed=24, eps=1e-3, scale=0.03)),
    ),
)
