"""The one factor by which each layer multiplies the gradient on its way back."""

import numpy as np

from bncourse.exercises.exercise import Probe, function_exercise

# What a step from one layer to the next is, from the norms of both: the first is right.
STEPS = {
    "backwards": lambda before, after: before / after,
    "forwards": lambda before, after: after / before,
    "difference": lambda before, after: before - after,
}
# One number for all steps: the first is right.
SUMMARIES = {
    "geometric": lambda steps: np.exp(np.log(steps).mean()),
    "arithmetic": np.mean,
    "harmonic": lambda steps: 1 / (1 / steps).mean(),
    "root-mean-square": lambda steps: np.sqrt((steps**2).mean()),
    "median": np.median,
    "smallest": np.min,
    "largest": np.max,
    "first": lambda steps: steps[0],
    "last": lambda steps: steps[-1],
    "whole": np.prod,
    "square-root": lambda steps: np.sqrt(np.prod(steps)),
    "divided": lambda steps: np.prod(steps) / len(steps),
    "divided-by-layers": lambda steps: np.prod(steps) / (len(steps) + 1),
    "logarithm": lambda steps: np.log(steps).mean(),
    "decimal-logarithm": lambda steps: np.log10(steps).mean(),
    "binary-logarithm": lambda steps: np.log2(steps).mean(),
    "sum-of-logarithms": lambda steps: np.log(steps).sum(),
    "mixed-logarithms": lambda steps: np.exp(np.log10(steps).mean()),
    "mixed-the-other-way": lambda steps: 10 ** np.log(steps).mean(),
    "layers-for-steps": lambda steps: np.prod(steps) ** (1 / (len(steps) + 1)),
    "one-step-fewer": lambda steps: np.prod(steps) ** (1 / (len(steps) - 1)),
    "one-step-more": lambda steps: np.prod(steps) ** (1 / (len(steps) + 2)),
    "power": lambda steps: np.prod(steps) ** len(steps),
    "loss": lambda steps: 1 - np.exp(np.log(steps).mean()),
    "line": lambda steps: np.exp(_slope(np.log(steps))),
}


def _slope(steps):
    """Return the slope of the straight line through the points that the steps lead to."""
    heights = np.concatenate([[0], np.cumsum(steps)])
    return np.polyfit(np.arange(len(heights)), heights, 1)[0]


def factor_per_layer(norms, *, step="backwards", summary="geometric", power=1):
    """Return the factor of one step from the last of the `norms`, (L,), to the first."""
    norms = norms.astype(float) ** power
    return SUMMARIES[summary](STEPS[step](norms[:-1], norms[1:]))


EXERCISE = function_exercise(
    factor_per_layer,
    outputs=("factor",),
    probes=(
        Probe("two", (np.array([0.6, 2.0]),)),
        Probe("grows", (np.array([9.0, 4.0, 5.0, 1.0]),)),
        Probe("vanishes", (np.array([0.002, 0.05, 0.04, 0.5, 3.0]),)),
        Probe("level", (np.array([2.5, 2.0, 3.0, 2.5]),)),
        Probe("deep", (np.geomspace(1e-12, 0.3, 20) * np.resize([1, 2, 5], 20),)),
        Probe("float32", (np.array([0.5, 0.1, 4.0], np.float32),), tolerance=1e-4),
    ),
)
