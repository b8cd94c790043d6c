"""The backward pass of batch norm in training, with its parameters."""

import numpy as np

from bncourse.exercises.exercise import Probe, function_exercise
from bncourse.exercises.materials.batches import batch, in_32_bits
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
    "sum": lambda grad, x, x_hat, std, gamma: (grad * x_hat).sum(0),
    "without-x-hat": lambda grad, x, x_hat, std, gamma: grad.sum(0),
    "without-grad": lambda grad, x, x_hat, std, gamma: x_hat.sum(0),
    "with-x": lambda grad, x, x_hat, std, gamma: (grad * x).sum(0),
    "with-deviation": lambda grad, x, x_hat, std, gamma: (grad * x_hat * std).sum(0),
    "divided-again": lambda grad, x, x_hat, std, gamma: (grad * x_hat / std).sum(0),
    "with-gamma": lambda grad, x, x_hat, std, gamma: (gamma * grad * x_hat).sum(0),
    "mean": lambda grad, x, x_hat, std, gamma: (grad * x_hat).mean(0),
    "per-sample": lambda grad, x, x_hat, std, gamma: grad * x_hat,
    "over-features": lambda grad, x, x_hat, std, gamma: (grad * x_hat).sum(1),
    "over-everything": lambda grad, x, x_hat, std, gamma: (grad * x_hat).sum() + 0 * gamma,
}
DBETAS = {
    "sum": lambda grad, gamma: grad.sum(0),
    "with-gamma": lambda grad, gamma: (gamma * grad).sum(0),
    "mean": lambda grad, gamma: grad.mean(0),
    "per-sample": lambda grad, gamma: grad,
    "over-features": lambda grad, gamma: grad.sum(1),
    "over-everything": lambda grad, gamma: grad.sum() + 0 * gamma,
}
ORDERS = {"kept": (0, 1, 2), "parameters-swapped": (0, 2, 1), "dx-last": (1, 2, 0)}


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
    x_hat=None,
    hat_spread=None,
    x_for_x_hat=False,
    forward_again=False,
    dgamma="sum",
    dbeta="sum",
    loss_averaged=False,
    order="kept",
    **switches,
):
    """Return dL/dx, dL/dgamma, dL/dbeta from grad = dL/dy; the switches make them wrong.

    `x_hat` is what stands in its place, and `hat_spread` makes what it is divided by another than
    what dx is divided by.
    """
    mean, var = moments(x, axis, ddof=ddof)
    eps = eps if fixed_eps is None else fixed_eps
    std = SPREADS[spread](var, eps)
    if x_hat is None:
        x_hat = (x - mean) / (SPREADS[hat_spread](var, eps) if hat_spread else std)
    g, averaged = GAINS[gain](grad, gamma), GAINS[gain_in_means or gain](grad, gamma)
    in_dx = x if x_for_x_hat else x_hat
    dx = standardize_backward(g, in_dx, std, axis, averaged, **switches)
    parts = (
        gamma * x_hat if forward_again else dx,
        DGAMMAS[dgamma](grad, x, x_hat, std, gamma),
        DBETAS[dbeta](grad, gamma),
    )
    count = len(x) if loss_averaged else 1
    return tuple(parts[place] / count for place in ORDERS[order])


def given(x, gamma, beta, eps=1e-5):
    """Return what a backward pass is given: grad, x, gamma, eps."""
    rng = np.random.default_rng(x.size)
    return (0.5 + rng.normal(size=x.shape)).astype(x.dtype), x, gamma, eps


def _hardly_varying(*shape, seed, eps=1e-3):
    x, gamma, beta = batch(*shape, seed=seed)
    return np.array([1e-3, 1e-2, 1])[: shape[1]] * x, gamma, beta, eps


EXERCISE = function_exercise(
    batch_norm_backward,
    outputs=("dx", "dgamma", "dbeta"),
    probes=(
        Probe("four", given(*batch(4, 2, seed=31))),
        Probe("large-eps", given(*batch(5, 3, seed=32), 0.5)),
        Probe("square", given(*batch(3, 3, seed=33))),
        Probe("small", given(*_hardly_varying(5, 3, seed=34))),
        Probe("float32", given(*in_32_bits(batch(6, 2, seed=35))), tolerance=1e-3),
    ),
    properties=(
        ("dx-sums-to-zero", lambda out, given: np.allclose(out["dx"].sum(0), 0, atol=1e-6)),
    ),
)
