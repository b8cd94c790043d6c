"""The backward pass of standardizing, step by step."""

import numpy as np

from bncourse.exercises.exercise import Probe, function_exercise

# The gradient that each step hands back; the first of each is right.
STD = {
    "sum": lambda g, d, var, std: -(g * d).sum(0) / std**2,
    "opposite": lambda g, d, var, std: (g * d).sum(0) / std**2,
    "mean": lambda g, d, var, std: -(g * d).mean(0) / std**2,
    "not-gathered": lambda g, d, var, std: -g * d / std**2,
    "one-power": lambda g, d, var, std: -(g * d).sum(0) / std,
    "x-hat-for-d": lambda g, d, var, std: -(g * d).sum(0) / std**3,
    "without-power": lambda g, d, var, std: -(g * d).sum(0),
    "without-d": lambda g, d, var, std: -g.sum(0) / std**2,
    "by-var": lambda g, d, var, std: -(g * d).sum(0) / var,
}
ROOT = {
    "half": lambda g_std, var, std: g_std / (2 * std),
    "whole": lambda g_std, var, std: g_std / std,
    "multiplied": lambda g_std, var, std: g_std * std / 2,
    "square": lambda g_std, var, std: g_std * 2 * std,
    "half-alone": lambda g_std, var, std: g_std / 2,
    "unchanged": lambda g_std, var, std: g_std,
    "by-var": lambda g_std, var, std: g_std / (2 * np.sqrt(var)),
    "var-for-std": lambda g_std, var, std: g_std / (2 * var),
}
AVERAGED = {
    "spread": lambda g_var, d, count: np.ones_like(d) * g_var / count,
    "without-count": lambda g_var, d, count: np.ones_like(d) * g_var,
    "one-row": lambda g_var, d, count: g_var / count,
}
SQUARE = {
    "slope": lambda g_square, d: 2 * d * g_square,
    "slope-var": lambda g_var, d: 2 * d * g_var,
    "without-two": lambda g_square, d: d * g_square,
    "without-d": lambda g_square, d: 2 * g_square,
    "d-squared": lambda g_square, d: 2 * d**2 * g_square,
}
DEVIATION = {
    "both": lambda straight, detour: straight + detour,
    "straight": lambda straight, detour: straight,
    "detour": lambda straight, detour: detour,
    "subtracted": lambda straight, detour: straight - detour,
}
MEAN = {
    "sum": lambda g_d: -g_d.sum(0),
    "opposite": lambda g_d: g_d.sum(0),
    "mean": lambda g_d: -g_d.mean(0),
    "not-gathered": lambda g_d: -g_d,
}
X = {
    "both": lambda g_d, g_mean, count: g_d + g_mean / count,
    "straight": lambda g_d, g_mean, count: g_d,
    "detour": lambda g_d, g_mean, count: 0 * g_d + g_mean / count,
    "without-count": lambda g_d, g_mean, count: g_d + g_mean,
    "subtracted": lambda g_d, g_mean, count: g_d - g_mean / count,
}
STDS = {
    "given": lambda var, std: std,
    "without-eps": lambda var, std: np.sqrt(var),
    "usual-eps": lambda var, std: np.sqrt(var + 1e-5),
}
COUNTS = {"rows": len, "columns": lambda d: d.shape[1]}
# What is returned at each place, of std, var, square, d, mean, x.
ORDERS = {
    "kept": (0, 1, 2, 3, 4, 5),
    "reversed": (5, 4, 3, 2, 1, 0),
    "std-and-var-swapped": (1, 0, 2, 3, 4, 5),
    "d-and-mean-swapped": (0, 1, 2, 4, 3, 5),
    "x-for-d": (0, 1, 2, 5, 4, 5),
}


def atoms_backward(
    g,
    d,
    var,
    std,
    *,
    std_is="given",
    divided="sum",
    rooted="half",
    averaged="spread",
    squared="slope",
    joined="both",
    told="both",
    passed_on="both",
    centred="sum",
    back="both",
    count="rows",
    square_count=0,
    mean_told="sum",
    keepdims=False,
    order="kept",
):
    """Return the gradients for std, var, square, d, mean, x; the switches make them wrong.

    `joined` says which roads d takes, `told` which of them are returned, and `passed_on` which of
    them go on to x.
    """
    std, n = STDS[std_is](var, std), COUNTS[count](d)
    g_std = STD[divided](g, d, var, std)
    g_var = ROOT[rooted](g_std, var, std)
    g_square = AVERAGED[averaged](g_var, d, n - square_count)
    roads = g / std, SQUARE[squared](g_var if squared == "slope-var" else g_square, d)
    g_d = DEVIATION[joined](*roads)
    g_mean = MEAN[centred](g_d)
    to_x = g_d if passed_on == "both" else DEVIATION[passed_on](*roads)
    to_tell = g_d if told == "both" else DEVIATION[told](*roads)
    g_x = X[back](to_x, g_mean, n)
    g_mean = g_mean if mean_told == "sum" else g_mean / n
    gradients = g_std, g_var, g_square, to_tell, g_mean, g_x
    if keepdims:
        gradients = tuple(map(np.atleast_2d, gradients))
    return tuple(gradients[place] for place in ORDERS[order])


def _saved(*shape, seed, eps=1e-5, scale=1.5):
    rng = np.random.default_rng(seed)
    x = 2 + scale * np.arange(1, shape[1] + 1) * rng.normal(size=shape)
    d = x - x.mean(0)
    var = (d**2).mean(0)
    return rng.normal(size=shape) + 0.5, d, var, np.sqrt(var + eps)


EXERCISE = function_exercise(
    atoms_backward,
    outputs=("std", "var", "square", "d", "mean", "x"),
    probes=(
        Probe("four", _saved(4, 2, seed=21)),
        Probe("large-eps", _saved(5, 3, seed=22, eps=0.5)),
        Probe("square", _saved(3, 3, seed=23)),
        Probe("small", _saved(6, 1, seed=24, eps=1e-3, scale=0.03)),
    ),
)
