"""Batch norm in evaluation: with the running statistics."""

import numpy as np

from bncourse.exercises.exercise import Probe, function_exercise
from bncourse.exercises.materials.standardizing import AFFINE, SPREADS, moments

# Which mean and variance are used, from those of the batch and the stored ones.
SOURCES = {
    "running": lambda batch, running: running,
    "batch": lambda batch, running: batch,
    "batch-mean": lambda batch, running: (batch[0], running[1]),
    "batch-variance": lambda batch, running: (running[0], batch[1]),
    "updated": lambda batch, running: tuple(
        0.9 * old + 0.1 * new for old, new in zip(running, batch, strict=True)
    ),
    "swapped": lambda batch, running: running[::-1],
}
# How the mean is taken out.
CENTRES = {
    "before": lambda x, mean, spread: (x - mean) / spread,
    "never": lambda x, mean, spread: x / spread,
    "after": lambda x, mean, spread: x / spread - mean,
    "added": lambda x, mean, spread: (x + mean) / spread,
    "brackets-missing": lambda x, mean, spread: x - mean / spread,
}
EVALUATION_SPREADS = SPREADS | {
    "eps-twice": lambda var, eps: np.sqrt(var + eps) + eps,
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
    source="running",
    ddof=0,
    bessel=0,
    spread="root",
    centre="before",
    affine="both",
    fixed_eps=None,
):
    """Return batch norm of `x`, (N, C), in evaluation; the switches make it wrong."""
    eps = eps if fixed_eps is None else fixed_eps
    batch = tuple(part[0] for part in moments(x, 0, ddof=ddof))
    mean, var = SOURCES[source](batch, (running_mean, running_var))
    var = var * np.float64((len(x) - 1) / len(x)) ** bessel
    x_hat = CENTRES[centre](x, mean, EVALUATION_SPREADS[spread](var, eps))
    return AFFINE[affine](x_hat, gamma, beta)


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
