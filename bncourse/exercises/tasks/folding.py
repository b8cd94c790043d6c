"""Batch norm in evaluation, folded into the linear layer before it."""

import numpy as np

from bncourse.exercises.exercise import Probe, function_exercise
from bncourse.exercises.tasks.evaluation import EVALUATION_SPREADS

# The new bias, from the old one b, the mean m, the slope s = gamma / std, beta
# and gamma.
BIASES = {
    "right": lambda b, m, s, beta, gamma: (b - m) * s + beta,
    "dropped": lambda b, m, s, beta, gamma: -m * s + beta,
    "not-scaled": lambda b, m, s, beta, gamma: b - m * s + beta,
    "old": lambda b, m, s, beta, gamma: b,
    "only-scaled": lambda b, m, s, beta, gamma: b * s,
    "without-mean": lambda b, m, s, beta, gamma: b * s + beta,
    "mean-added": lambda b, m, s, beta, gamma: (b + m) * s + beta,
    "mean-not-scaled": lambda b, m, s, beta, gamma: b * s - m + beta,
    "neither-scaled": lambda b, m, s, beta, gamma: b - m + beta,
    "without-beta": lambda b, m, s, beta, gamma: (b - m) * s,
    "beta-scaled": lambda b, m, s, beta, gamma: (b - m + beta) * s,
    "beta-subtracted": lambda b, m, s, beta, gamma: (b - m) * s - beta,
    "without-gamma": lambda b, m, s, beta, gamma: (b - m) * s / gamma + beta,
    "mean-without-gamma": lambda b, m, s, beta, gamma: b * s - m * s / gamma + beta,
    "mean-minus-bias": lambda b, m, s, beta, gamma: (m - b) * s + beta,
    "only-beta": lambda b, m, s, beta, gamma: beta + 0 * b,
}
SLOPES = {
    "right": lambda gamma, spread: gamma / spread,
    "without-gamma": lambda gamma, spread: 1 / spread,
    "gamma-divides": lambda gamma, spread: 1 / (gamma * spread),
}


def fold(
    weight,
    bias,
    gamma,
    beta,
    running_mean,
    running_var,
    eps=1e-5,
    *,
    slope="right",
    weight_slope="same",
    spread="root",
    new_bias="right",
    axis="columns",
    fixed_eps=None,
):
    """Return the weight, (n_in, n_out), and the bias of one layer in the place of two."""
    eps = eps if fixed_eps is None else fixed_eps
    if slope == "swapped":
        slope, gamma, beta = "right", beta, gamma
    s = SLOPES[slope](gamma, EVALUATION_SPREADS[spread](running_var, eps))
    factors = {"same": s, "gamma-alone": gamma, "without-gamma": s / gamma, "none": 0 * s + 1}
    factor = factors[weight_slope]
    scaled = weight * (factor if axis == "columns" else factor[:, None])
    return scaled, BIASES[new_bias](bias, running_mean, s, beta, gamma)


def _layers(n_in, n_out, seed):
    rng = np.random.default_rng(seed)
    gamma = rng.uniform(0.5, 2, n_out) * (-1) ** np.arange(n_out)
    weight, running_var = rng.normal(size=(n_in, n_out)), rng.uniform(0.2, 5, n_out)
    bias, beta, mean = 1 + rng.normal(size=(3, n_out))
    return weight, bias, gamma, beta, mean, running_var


def _nearly_constant():
    *rest, _ = _layers(2, 3, seed=5)
    return *rest, np.array([0.0, 1e-4, 2.0]), 1e-3


EXERCISE = function_exercise(
    fold,
    outputs=("new_weight", "new_bias"),
    probes=(
        Probe("small", _layers(1, 2, seed=1)),
        Probe("wide", _layers(3, 2, seed=2)),
        Probe("square", _layers(3, 3, seed=3)),
        Probe("large-eps", (*_layers(3, 3, seed=4), 0.5)),
        Probe("constant", _nearly_constant()),
        Probe(
            "float32",
            tuple(part.astype(np.float32) for part in _layers(4, 2, seed=6)),
            tolerance=1e-4,
        ),
    ),
)
