"""The value that batch norm in evaluation makes 0, for each channel."""

import numpy as np

from bncourse.checker.exercise import Case, Trial


def norm(channels, seed):
    """Return γ, β and the running statistics; every other γ is negative."""
    rng = np.random.default_rng(seed)
    gamma = rng.uniform(0.5, 2, channels) * (-1) ** np.arange(1, channels + 1)
    beta, mean = 1 + rng.normal(size=(2, channels))
    return gamma, beta, mean, rng.uniform(0.2, 5, channels)


TRIAL = Trial(
    outputs=("fill",),
    cases=(
        Case("one", norm(1, seed=1)),
        Case("three", norm(3, seed=2)),
        Case("centred", (*norm(2, seed=3)[:2], np.zeros(2), np.array([4.0, 0.25]))),
        Case("without-shift", (norm(2, seed=4)[0], np.zeros(2), *norm(2, seed=4)[2:])),
        Case("large-eps", (*norm(2, seed=5), 0.5)),
        Case("small-variance", (*norm(2, seed=6)[:3], np.array([1e-4, 1e-3]), 1e-3)),
    ),
)
