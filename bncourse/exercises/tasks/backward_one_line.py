"""The backward pass of batch norm in training, with its parameters."""

import numpy as np

from bncourse.exercises.exercise import Probe, function_exercise
from bncourse.exercises.materials.batches import batch, in_32_bits, nearly_constant
from bncourse.exercises.materials.going_back import standardize_backward
from bncourse.exercises.materials.standardizing import SPREADS, moments

# dL/dx_hat from dL/dy and gamma. Here and below the first is right.
GAINS = {
    "gamma": lambda grad, gamma: gamma * grad,
    "none": lambda grad, gamma: grad,
    "squared": lambda grad, gamma: gamma**2 * grad,
    "divides": lambda grad, gamma: grad / gamma,
}
DGAMMAS = {
    "sum": lambda grad, x, d, std, gamma: (grad * d / std).sum(0),
    "without-x-hat": lambda grad, x, d, std, gamma: grad.sum(0),
    "with-x": lambda grad, x, d, std, gamma: (grad * x).sum(0),
    "with-deviation": lambda grad, x, d, std, gamma: (grad * d).sum(0),
    "divided-again": lambda grad, x, d, std, gamma: (grad * d / std**2).sum(0),
    "with-gamma": lambda grad, x, d, std, gamma: (gamma * grad * d / std).sum(0),
    "mean": lambda grad, x, d, std, gamma: (grad * d / std).mean(0),
    "per-sample": lambda grad, x, d, std, gamma: grad * d / std,
    "over-features": lambda grad, x, d, std, gamma: (grad * d / std).sum(1),
}
DBETAS = {
    "sum": lambda grad, gamma: grad.sum(0),
    "with-gamma": lambda grad, gamma: (gamma * grad).sum(0),
    "mean": lambda grad, gamma: grad.mean(0),
    "per-sample": lambda grad, gamma: grad,
    "over-features": lambda grad, gamma: grad.sum(1),
}
ORDERS = {"kept": (0, 1, 2), "parameters-swapped": (0, 2, 1)}


def batch_norm_backward(
    grad,
    x,
    gamma,
    eps,
    *,
    axis=0,
    spread="root",
    fixed_eps=None,
    ddof=0,
    gain="gamma",
    gain_in_means=None,
    x_for_x_hat=False,
    dgamma="sum",
    dbeta="sum",
    order="kept",
    **switches,
):
    """Return dL/dx, dL/dgamma, dL/dbeta from grad = dL/dy; the switches make them wrong."""
    mean, var = moments(x, axis, ddof=ddof)
    std = SPREADS[spread](var, eps if fixed_eps is None else fixed_eps)
    d = x - mean
    g, averaged = GAINS[gain](grad, gamma), GAINS[gain_in_means or gain](grad, gamma)
    x_hat = x if x_for_x_hat else d / std
    parts = (
        standardize_backward(g, x_hat, std, axis, averaged, **switches),
        DGAMMAS[dgamma](grad, x, d, std, gamma),
        DBETAS[dbeta](grad, gamma),
    )
    return tuple(parts[place] for place in ORDERS[order])


def given(x, gamma, beta, eps=1e-5):
    """Return what a backward pass is given: grad, x, gamma, eps."""
    rng = np.random.default_rng(x.size)
    return (0.5 + rng.normal(size=x.shape)).astype(x.dtype), x, gamma, eps


EXERCISE = function_exercise(
    batch_norm_backward,
    outputs=("dx", "dgamma", "dbeta"),
    probes=(
        Probe("four", given(*batch(4, 2, seed=31))),
        Probe("large-eps", given(*batch(5, 3, seed=32), 0.5)),
        Probe("square", given(*batch(3, 3, seed=33))),
        Probe("constant", given(*nearly_constant(5, 3, seed=34))),
        Probe("float32", given(*in_32_bits(batch(6, 2, seed=35))), tolerance=1e-3),
    ),
    properties=(
        ("dx-sums-to-zero", lambda out, given: np.allclose(out["dx"].sum(0), 0, atol=1e-6)),
    ),
)
