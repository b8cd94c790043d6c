"""The backward pass of RMS normalization."""

import numpy as np

from bncourse.exercises.exercise import Probe, function_exercise
from bncourse.exercises.materials.batches import batch, in_32_bits
from bncourse.exercises.materials.going_back import standardize_backward
from bncourse.exercises.materials.standardizing import SPREADS, moments
from bncourse.exercises.tasks.backward_one_line import given


def rms_norm_backward(
    g,
    x,
    eps=1e-5,
    *,
    axis=1,
    variance="second-moment",
    centre=0,
    spread="root",
    fixed_eps=None,
    rms_lies="beside",
    product_for_gradient=False,
    mean_part="nothing",
    **switches,
):
    """Return dL/dx from g = dL/dx_hat and x, (N, C); the switches make it wrong."""
    mean, mean_square = moments(x, axis, variance=variance)
    rms = SPREADS[spread](mean_square, eps if fixed_eps is None else fixed_eps)
    rms = rms.T if rms_lies == "along" else rms
    x_hat = (x - centre * mean) / rms
    if product_for_gradient:
        return g * x_hat
    return standardize_backward(g, x_hat, rms, axis, mean_part=mean_part, **switches)


def _rows(*shape, seed, eps=1e-5, scale=3.0):
    g, x, _, eps = given(*batch(*shape, seed=seed, scale=scale, mean=scale), eps)
    return g, x * np.arange(1, len(x) + 1)[:, None], eps


EXERCISE = function_exercise(
    rms_norm_backward,
    outputs=("dx",),
    probes=(
        Probe("two-rows", _rows(2, 4, seed=51)[:2]),
        Probe("large-eps", _rows(4, 3, seed=52, eps=2.0)),
        Probe("square", _rows(3, 3, seed=53, eps=0.01)),
        Probe("small", _rows(2, 3, seed=55, eps=1e-3, scale=0.01)),
        Probe("float32", in_32_bits(_rows(3, 5, seed=54)[:2]), tolerance=1e-3),
    ),
)
