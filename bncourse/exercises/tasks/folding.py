"""Batch norm in evaluation, folded into the linear layer before it."""

import numpy as np

from bncourse.exercises.exercise import Probe, function_exercise
from bncourse.exercises.materials.standardizing import standardize
from bncourse.exercises.tasks.evaluation import EVALUATION_SPREADS

# The new bias, from the old one b, the mean m, the slope s = gamma / std, beta
# and gamma.
BIASES = {
    "right": lambda b, m, s, beta, gamma: (b - m) * s + beta,
    "dropped": lambda b, m, s, beta, gamma: -m * s + beta,
    "dropped-mean-added": lambda b, m, s, beta, gamma: m * s + beta,
    "twice": lambda b, m, s, beta, gamma: (b - m) * s + beta + b,
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
    "absolute": lambda gamma, spread: np.abs(gamma) / spread,
}
# The factor of each output for the weight, from its slope and gamma: the first is right.
FACTORS = {
    "slope": lambda s, gamma: s,
    "without-gamma": lambda s, gamma: s / gamma,
    "gamma-alone": lambda s, gamma: gamma,
    "none": lambda s, gamma: np.ones_like(s),
}
# Whether the factors go along the inputs: each input then gets that of an output.
ALONG_INPUTS = {
    "never": lambda weight: False,
    "always": lambda weight: True,
    "if-square": lambda weight: weight.shape[0] == weight.shape[1],
}
# The new weight from the old one, the factors f, the mean m, gamma, beta and eps.
WEIGHTS = {
    "scaled": lambda w, f, m, gamma, beta, eps: w * f,
    "centred": lambda w, f, m, gamma, beta, eps: (w - m) * f,
    "normalised": lambda w, f, m, gamma, beta, eps: (w - m) * f + beta,
    "by-its-own": lambda w, f, m, gamma, beta, eps: gamma * standardize(w, 0, eps),
    "gamma-added": lambda w, f, m, gamma, beta, eps: w * f / gamma + gamma,
    "transposed": lambda w, f, m, gamma, beta, eps: (w * f).T,
}


def norm_first(weight, bias, slope, beta, mean):
    """Return the one layer in the place of batch norm and a linear layer after it."""
    return weight * slope[:, None], bias + (beta - mean * slope) @ weight


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
    factor="slope",
    along_inputs="never",
    new_weight="scaled",
    spread="root",
    bias_spread=None,
    mean_through_weight=False,
    new_bias="right",
    before=False,
    fixed_eps=None,
    swapped=False,
):
    """Return the weight, (n_in, n_out), and the bias of one layer in the place of two."""
    eps = eps if fixed_eps is None else fixed_eps
    if slope == "swapped":
        slope, gamma, beta = "right", beta, gamma
    s, bias_slope = (
        SLOPES[slope](gamma, EVALUATION_SPREADS[name](running_var, eps))
        for name in (spread, bias_spread or spread)
    )
    if before:
        return norm_first(weight, bias, s, beta, running_mean)
    f = FACTORS[factor](s, gamma)
    f = f[:, None] if ALONG_INPUTS[along_inputs](weight) else f
    scaled = WEIGHTS[new_weight](weight, f, running_mean, gamma, beta, eps)
    mean = running_mean * weight.sum(0) if mean_through_weight else running_mean
    results = scaled, BIASES[new_bias](bias, mean, bias_slope, beta, gamma)
    return results[::-1] if swapped else results


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
        Probe("small", _layers(2, 2, seed=1)),
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
