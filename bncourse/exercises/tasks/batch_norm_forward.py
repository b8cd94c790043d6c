"""Batch normalization of a batch of vectors, in training."""

import numpy as np

from bncourse.exercises.exercise import Probe, function_exercise
from bncourse.exercises.materials.batches import batch, in_32_bits, nearly_constant
from bncourse.exercises.materials.standardizing import AFFINE, standardize

# Where somebody thinks that the formula must not be used: y, from x and from what it gives.
EXCEPTIONS = {
    "none": lambda x, y: y,
    "single-as-it-is": lambda x, y: x if len(x) == 1 else y,
    "zero-where-constant": lambda x, y: np.where(x.var(0) == 0, 0, y),
}


def batch_norm(
    x,
    gamma,
    beta,
    eps=1e-5,
    *,
    axis=0,
    fixed_eps=None,
    affine="both",
    eps_at_the_end=False,
    exception="none",
    **switches,
):
    """Return batch norm of `x`, (N, C); the switches make it wrong."""
    eps = eps if fixed_eps is None else fixed_eps
    y = AFFINE[affine](standardize(x, axis, eps, **switches), gamma, beta)
    return EXCEPTIONS[exception](x, y + eps if eps_at_the_end else y)


def _with_outlier(*shape, seed):
    x, gamma, beta = batch(*shape, seed=seed)
    x[0] += 1000
    return x, gamma, beta


EXERCISE = function_exercise(
    batch_norm,
    outputs=("y",),
    probes=(
        Probe("four", batch(4, 2, seed=1)),
        Probe("large-eps", (*batch(3, 2, seed=2), 30.0)),
        Probe("constant", nearly_constant(5, 3, seed=3)),
        Probe("square", batch(3, 3, seed=4)),
        Probe("single", (*batch(1, 3, seed=7), 1e-5)),
        Probe("float32", in_32_bits(batch(6, 2, seed=5)), tolerance=1e-4),
        Probe("outlier", _with_outlier(40, 1, seed=8)),
        Probe(
            "far",
            batch(8, 2, seed=6, scale=0.5, mean=1e8),
            tolerance=1e-3,
            rounding="one-pass-variance",
        ),
    ),
    properties=(
        (
            "mean-is-beta",
            lambda out, given: np.allclose(out["y"].mean(0), given["beta"], atol=1e-5),
        ),
        (
            "std-is-gamma",
            lambda out, given: (out["y"].std(0) <= np.abs(given["gamma"]) + 1e-5).all(),
        ),
    ),
)
