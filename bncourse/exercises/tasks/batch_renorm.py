"""Batch renorm in training: batch norm, moved towards evaluation as far as the limits allow."""

import numpy as np

from bncourse.exercises.exercise import Probe, function_exercise
from bncourse.exercises.materials.standardizing import SPREADS, moments

# What the running variance is turned into: beside the known ones, the variance itself.
RUNNING = {**SPREADS, "bare-variance": lambda var, eps: var}
RATIOS = {
    "batch-over-running": lambda std, running: std / running,
    "running-over-batch": lambda std, running: running / std,
    "squared": lambda std, running: (std / running) ** 2,
}
SHIFTS = {
    "by-running": lambda step, std, running: step / running,
    "by-batch": lambda step, std, running: step / std,
    "not-divided": lambda step, std, running: step,
    "reversed": lambda step, std, running: -step / running,
    "squared": lambda step, std, running: step / running**2,
    "absolute": lambda step, std, running: np.abs(step) / running,
}
LIMITS_OF_R = {
    "both": lambda r, most: np.clip(r, 1 / most, most),
    "from-above": lambda r, most: np.minimum(r, most),
    "from-below": lambda r, most: np.maximum(r, 1 / most),
    "at-least-one": lambda r, most: np.clip(r, 1, most),
    "reversed": lambda r, most: np.clip(r, most, 1 / most),
    "as-variance": lambda r, most: np.sqrt(np.clip(r**2, 1 / most, most)),
    "none": lambda r, most: r,
}
LIMITS_OF_D = {
    "both": lambda d, most, running: np.clip(d, -most, most),
    "from-above": lambda d, most, running: np.minimum(d, most),
    "from-zero": lambda d, most, running: np.clip(d, 0, most),
    "from-inverse": lambda d, most, running: np.clip(d, 1 / most, most),
    "before-division": lambda d, most, running: np.clip(d * running, -most, most) / running,
    "none": lambda d, most, running: d,
}
OUTPUTS = {
    "r-then-d": lambda x_hat, r, d: x_hat * r + d,
    "d-then-r": lambda x_hat, r, d: (x_hat + d) * r,
    "without-r": lambda x_hat, r, d: x_hat + d,
    "without-d": lambda x_hat, r, d: x_hat * r,
    "without-both": lambda x_hat, r, d: x_hat,
    "divided-by-r": lambda x_hat, r, d: x_hat / r + d,
    "d-subtracted": lambda x_hat, r, d: x_hat * r - d,
    "swapped": lambda x_hat, r, d: x_hat * d + r,
}


def batch_renorm(
    x,
    running_mean,
    running_var,
    r_max,
    d_max,
    eps=1e-5,
    *,
    axis=0,
    fixed_eps=None,
    spread="root",
    running_spread="root",
    ratio="batch-over-running",
    shift="by-running",
    limit_r="both",
    limit_d="both",
    limits=None,
    standardized="batch",
    applied="limited",
    output="r-then-d",
    returned="limited",
    **switches,
):
    """Return y, r and d of batch renorm of `x`, (N, C); the switches make it wrong."""
    eps = eps if fixed_eps is None else fixed_eps
    r_max, d_max = {None: (r_max, d_max), "swapped": (d_max, r_max)}.get(limits, limits)
    mean, var = moments(x, axis, **switches)
    std, running = SPREADS[spread](var, eps), RUNNING[running_spread](running_var, eps)
    r = RATIOS[ratio](std, running)
    d = SHIFTS[shift](mean - running_mean, std, running)
    found = {
        "limited": (LIMITS_OF_R[limit_r](r, r_max), LIMITS_OF_D[limit_d](d, d_max, running)),
        "raw": (r, d),
    }
    found["neutral"] = (np.ones_like(r), np.zeros_like(d))
    found["swapped"] = found["limited"][::-1]
    centres = {"batch": (mean, std), "running": (running_mean, running), "mixed": (mean, running)}
    middle, unit = centres[standardized]
    y = OUTPUTS[output]((x - middle) / unit, *found[applied])
    return (y, *(part if axis == 1 else part[0] for part in found[returned]))


def _batch(*shape, seed, scale=3.0, mean=2.0):
    rng = np.random.default_rng(seed)
    return mean + scale * rng.uniform(0.5, 2, shape[1]) * rng.normal(size=shape)


def _within_limits():
    return _batch(4, 2, seed=1), np.array([1.0, 3.5]), np.array([4.0, 30.0]), 3.0, 5.0


def _beyond_limits():
    """Two features for each limit: r and d too large, r and d too small, and the other way."""
    x = _batch(5, 4, seed=2) * np.array([4.0, 0.1, 0.1, 4.0])
    running_mean = x.mean(0) + np.array([-9.0, 9.0, -9.0, 9.0])
    return x, running_mean, np.array([2.0, 9.0, 12.0, 3.0]), 1.5, 2.5


def _small_variances():
    x = _batch(6, 3, seed=3) * np.array([1e-3, 1.0, 2e-3])
    return x, x.mean(0) + np.array([1e-3, 0.5, -2e-3]), np.array([1e-5, 7.0, 2e-5]), 4.0, 6.0


def _large_eps():
    x = _batch(3, 3, seed=4)
    return x, np.array([1.0, 0.0, 4.0]), np.array([2.0, 5.0, 9.0]), 8.0, 9.0, 2.0


def _single():
    x = _batch(1, 3, seed=5)
    return x, x[0] + np.array([1.0, -1.0, 2.0]), np.array([2.0, 5.0, 9.0]), 2.0, 3.0


def _in_32_bits():
    x, running_mean, running_var, *limits = _within_limits()
    return *(part.astype(np.float32) for part in (x, running_mean, running_var)), *limits


def _far():
    x = _batch(8, 2, seed=6, scale=0.5, mean=1e8)
    return x, x.mean(0) + np.array([0.2, -0.3]), np.array([0.3, 0.6]), 2.0, 3.0


EXERCISE = function_exercise(
    batch_renorm,
    outputs=("y", "r", "d"),
    probes=(
        Probe("within", _within_limits()),
        Probe("beyond", _beyond_limits()),
        Probe("small", _small_variances()),
        Probe("large-eps", _large_eps()),
        Probe("single", _single()),
        Probe("float32", _in_32_bits(), tolerance=1e-4),
        Probe("far", _far(), tolerance=1e-3, rounding="one-pass-variance"),
    ),
)
