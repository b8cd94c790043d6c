"""Batch norm in evaluation: with the running statistics."""

import numpy as np

from bncourse.exercises.exercise import Probe, function_exercise
from bncourse.exercises.materials.standardizing import AFFINE, SPREADS, moments, standardize

# Which mean and variance are used, from those of the batch of `n` and the stored ones.
SOURCES = {
    "running": lambda batch, running, n: running,
    "batch": lambda batch, running, n: batch,
    "batch-of-many": lambda batch, running, n: batch if n > 1 else running,
    "batch-mean": lambda batch, running, n: (batch[0], running[1]),
    "batch-variance": lambda batch, running, n: (running[0], batch[1]),
    "updated": lambda batch, running, n: tuple(
        0.9 * old + 0.1 * new for old, new in zip(running, batch, strict=True)
    ),
    "swapped": lambda batch, running, n: running[::-1],
}
# What the variance is multiplied by, for a batch of `n`: the first is right.
BESSELS = {
    "none": lambda n: 1,
    "undone": lambda n: (n - 1) / n,
    "again": lambda n: np.float64(n) / (n - 1),
    "again-or-raised": lambda n: n / (n - 1),
    "again-for-many": lambda n: n / max(n - 1, 1),
}
# How the mean is taken out, before the product with gamma: the first is right.
CENTRES = {
    "before": lambda x, mean, spread, gamma: (x - mean) / spread,
    "never": lambda x, mean, spread, gamma: x / spread,
    "after": lambda x, mean, spread, gamma: x / spread - mean,
    "after-gamma": lambda x, mean, spread, gamma: x / spread - mean / gamma,
    "without-gamma": lambda x, mean, spread, gamma: (x - mean / gamma) / spread,
    "added": lambda x, mean, spread, gamma: (x + mean) / spread,
    "brackets-missing": lambda x, mean, spread, gamma: x - mean / spread,
}
EVALUATION_SPREADS = SPREADS | {
    "eps-twice": lambda var, eps: np.sqrt(var + eps) + eps,
    "variance-alone": lambda var, eps: var,
    "deviation-stored": lambda var, eps: np.sqrt(var**2 + eps),
    "eps-as-floor": lambda var, eps: np.sqrt(np.maximum(var, eps)),
    "eps-subtracted": lambda var, eps: np.sqrt(var - eps),
}


def evaluate(
    x,
    gamma,
    beta,
    running_mean,
    running_var,
    eps=1e-5,
    *,
    arguments="ours",
    source="running",
    ddof=0,
    bessel="none",
    spread="root",
    centre="before",
    twice=False,
    sign_lost=False,
    beta_divided=False,
    affine="both",
    fixed_eps=None,
):
    """Return batch norm of `x`, (N, C), in evaluation; the switches make it wrong."""
    eps = eps if fixed_eps is None else fixed_eps
    if arguments == "pytorch":
        gamma, beta, running_mean, running_var = running_mean, running_var, gamma, beta
    gamma = np.abs(gamma) if sign_lost else gamma
    batch = tuple(part[0] for part in moments(x, 0, ddof=ddof))
    mean, var = SOURCES[source](batch, (running_mean, running_var), len(x))
    divisor = EVALUATION_SPREADS[spread](var * BESSELS[bessel](len(x)), eps)
    x_hat = CENTRES[centre](x, mean, divisor, gamma)
    x_hat = standardize(x_hat, 0, eps) if twice else x_hat
    return AFFINE[affine](x_hat, gamma, beta / divisor if beta_divided else beta)


def _batch(*shape, seed):
    rng = np.random.default_rng(seed)
    columns = np.arange(1, shape[1] + 1)
    gamma = rng.uniform(0.5, 2, shape[1]) * (-1) ** columns
    running_var = rng.uniform(0.2, 5, shape[1])
    x = 2 + 3 * columns * rng.normal(size=shape)
    return x, gamma, rng.normal(size=shape[1]), rng.uniform(1, 4, shape[1]), running_var


def _small_variances():
    x, gamma, beta, mean, _ = _batch(4, 3, seed=5)
    return x, gamma, beta, mean, np.array([0.0, 1e-4, 2.0]), 1e-3


EXERCISE = function_exercise(
    evaluate,
    outputs=("y",),
    probes=(
        Probe("single", _batch(1, 2, seed=1)),
        Probe("four", _batch(4, 2, seed=2)),
        Probe("large-eps", (*_batch(3, 2, seed=3), 0.5)),
        Probe("square", _batch(3, 3, seed=4)),
        Probe("small", _small_variances()),
        Probe(
            "float32",
            tuple(part.astype(np.float32) for part in _batch(5, 2, seed=6)),
            tolerance=1e-4,
        ),
    ),
)
