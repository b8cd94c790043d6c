"""Batch normalization of a batch of vectors, in training."""

import numpy as np

from bncourse.checker.exercise import Case, Trial
from bncourse.exercises.materials.batches import batch, in_32_bits, nearly_constant


def with_outlier(*shape, seed):
    """Return a batch in which one sample is far from the others."""
    x, gamma, beta = batch(*shape, seed=seed)
    x[0] += 1000
    return x, gamma, beta


def mean_is_beta(out, given):
    """Return whether each feature of y has the mean that beta says."""
    return np.allclose(out["y"].mean(0), given["beta"], atol=1e-5)


def std_is_gamma(out, given):
    """Return whether no feature of y varies more than gamma says."""
    return (out["y"].std(0) <= np.abs(given["gamma"]) + 1e-5).all()


TRIAL = Trial(
    outputs=("y",),
    cases=(
        Case("four", batch(4, 2, seed=1)),
        Case("large-eps", (*batch(3, 2, seed=2), 30.0)),
        Case("constant", nearly_constant(5, 3, seed=3)),
        Case("square", batch(3, 3, seed=4)),
        Case("single", (*batch(1, 3, seed=7), 1e-5)),
        Case("float32", in_32_bits(batch(6, 2, seed=5)), tolerance=1e-4),
        Case("outlier", with_outlier(40, 1, seed=8)),
        Case("far", batch(8, 2, seed=6, scale=0.5, mean=1e8), tolerance=1e-3),
    ),
    properties=(("mean-is-beta", mean_is_beta), ("std-is-gamma", std_is_gamma)),
)
