"""Batch norm in evaluation, folded into the transposed convolution before it, with groups."""

import numpy as np

from bncourse.checker.exercise import Case, Trial


def layers(inputs, outputs, groups, seed, kernel=2):
    """Return weight, bias, groups, γ, β and running statistics; every other γ is negative."""
    rng = np.random.default_rng(seed)
    weight = rng.normal(size=(inputs, outputs // groups, kernel, kernel))
    gamma = rng.uniform(0.5, 2, outputs) * (-1) ** np.arange(outputs)
    bias, beta, mean = 1 + rng.normal(size=(3, outputs))
    return weight, bias, groups, gamma, beta, mean, rng.uniform(0.2, 5, outputs)


def nearly_constant():
    """Return layers with a running variance of 0 and one below ε, and ε."""
    *rest, _ = layers(2, 3, 1, seed=7)
    return *rest, np.array([0.0, 1e-4, 2.0]), 1e-3


TRIAL = Trial(
    outputs=("new_weight", "new_bias"),
    keeps=("weight", "bias", "gamma", "beta", "mean", "var"),
    cases=(
        Case("small", layers(1, 2, 1, seed=1)),
        Case("wide", layers(3, 2, 1, seed=2)),
        Case("square", layers(3, 3, 1, seed=3, kernel=3)),
        Case("groups", layers(4, 6, 2, seed=4)),
        Case("depthwise", layers(4, 4, 4, seed=5)),
        Case("large-eps", (*layers(6, 4, 2, seed=6), 0.5)),
        Case("constant", nearly_constant()),
    ),
)
