"""The backward pass of layer normalization, from x_hat and the standard deviation of each row."""

import numpy as np

from bncourse.exercises.exercise import Probe, function_exercise
from bncourse.exercises.materials.going_back import standardize_backward

STDS = {
    "beside": lambda std, x_hat: std[:, None],
    "along": lambda std, x_hat: std[None, :],
    "of-x-hat": lambda std, x_hat: x_hat.std(1, keepdims=True),
}


def layer_norm_backward(g, x_hat, std, *, axis=1, std_is="beside", **switches):
    """Return dL/dx from g = dL/dx_hat; x_hat is (N, C), std is (N,); the switches make it wrong."""
    return standardize_backward(g, x_hat, STDS[std_is](std, x_hat), axis, **switches)


def _given(n, c, *, seed, eps=1e-5):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, c)) * np.arange(1, n + 1)[:, None] + np.arange(c)
    std = np.sqrt(x.var(1) + eps)
    x_hat = (x - x.mean(1, keepdims=True)) / std[:, None]
    return 0.5 + rng.normal(size=(n, c)), x_hat, std


EXERCISE = function_exercise(
    layer_norm_backward,
    outputs=("dx",),
    probes=(
        Probe("two-rows", _given(2, 4, seed=41)),
        Probe("square", _given(3, 3, seed=42)),
        Probe("large-eps", _given(5, 3, seed=43, eps=0.5)),
        Probe("single", _given(1, 4, seed=44)),
    ),
)
