"""The backward pass of layer normalization, from x_hat and the standard deviation of each row."""

import numpy as np

from bncourse.checker.exercise import Case, Trial


def saved(n, c, *, seed, eps=1e-5):
    """Return g, and what the forward pass has saved: x_hat, (N, C), and std, (N,)."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, c)) * np.arange(1, n + 1)[:, None] + np.arange(c)
    std = np.sqrt(x.var(1) + eps)
    x_hat = (x - x.mean(1, keepdims=True)) / std[:, None]
    return 0.5 + rng.normal(size=(n, c)), x_hat, std


TRIAL = Trial(
    outputs=("dx",),
    cases=(
        Case("two-rows", saved(2, 4, seed=41)),
        Case("square", saved(3, 3, seed=42)),
        Case("large-eps", saved(5, 3, seed=43, eps=0.5)),
        Case("single", saved(1, 4, seed=44)),
    ),
)
