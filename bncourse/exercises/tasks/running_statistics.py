"""One step of the running mean and the running variance."""

from functools import reduce

import numpy as np

from bncourse.exercises.exercise import Probe, function_exercise
from bncourse.exercises.materials.averaging import DIVISORS, RULES

# What is taken for the mean of the batch: the first is right.
MEANS = {
    "mean": lambda x, axis: x.mean(axis),
    "sum": lambda x, axis: x.sum(axis),
    "too-few": lambda x, axis: x.mean(axis) * len(x) / (len(x) - 1),
    "median": lambda x, axis: np.median(x, axis),
}
# What is counted for the divisor: the first is right.
COUNTS = {
    "examples": lambda x, axis: x.size // x.mean(axis).size,
    "numbers": lambda x, axis: x.size,
    "features": lambda x, axis: x.shape[1],
}
# What is averaged as the variance; `gap` is how far the batch's mean is from the running one.
SPREADS = {
    "variance": lambda average, old, new, rate, gap: average(old, new),
    "deviation": lambda average, old, new, rate, gap: average(old, np.sqrt(new)),
    "deviations": lambda average, old, new, rate, gap: average(np.sqrt(old), np.sqrt(new)) ** 2,
    "root": lambda average, old, new, rate, gap: np.sqrt(average(old, new)),
    "eps": lambda average, old, new, rate, gap: average(old, new + 1e-5),
    "reversed": lambda average, old, new, rate, gap: rate * old + (1 - rate) * new,
    "squared-weights": lambda average, old, new, rate, gap: (1 - rate) ** 2 * old + rate**2 * new,
    "squared-rate": lambda average, old, new, rate, gap: (1 - rate) * old + rate**2 * new,
    "mixture": lambda average, old, new, rate, gap: average(old, new) + rate * (1 - rate) * gap**2,
}


def update(
    x,
    running_mean,
    running_var,
    update_rate,
    *,
    axis=0,
    start="given",
    mean="mean",
    mean_rule=None,
    by_rows=False,
    about="batch",
    counted="examples",
    divisor="unbiased",
    spread="variance",
    rule="average",
    corrected=False,
    returned=(0, 1),
):
    """Return the running mean and variance after the batch `x`, (N, C)."""
    if start == "zero-and-one":
        running_mean, running_var = np.zeros_like(running_mean), np.ones_like(running_var)

    def average(old, new, rule=rule):
        return RULES[rule](old, new, update_rate)

    steps = x if by_rows else [MEANS[mean](x, axis)]
    new_mean = reduce(lambda old, new: average(old, new, mean_rule or rule), steps, running_mean)
    centres = {"batch": x.mean(axis, keepdims=True), "zero": 0}
    centres |= {"running": running_mean, "updated": new_mean}
    squares = ((x - centres[about]) ** 2).mean(axis)
    count = COUNTS[counted](x, axis)
    var = squares * count / DIVISORS[divisor](count)
    gap = x.mean(axis) - running_mean
    new_var = SPREADS[spread](average, running_var, var, update_rate, gap)
    if corrected:
        new_var = new_var * count / (count - 1)
    results = new_mean, new_var, running_mean, running_var
    return tuple(results[index] for index in returned)


def _batch(*shape, rate, seed, mean=3.0, order="C"):
    rng = np.random.default_rng(seed)
    scale = np.arange(1, shape[1] + 1)
    x = np.asarray(mean + 2 * scale * rng.normal(size=shape), order=order)
    return x, mean + rng.normal(size=shape[1]), rng.uniform(1, 9, shape[1]), rate


def _in_32_bits():
    *arrays, rate = _batch(5, 2, rate=0.1, seed=3)
    return *(array.astype(np.float32) for array in arrays), rate


EXERCISE = function_exercise(
    update,
    outputs=("new_mean", "new_var"),
    probes=(
        Probe("pair", _batch(2, 3, rate=0.25, seed=1)),
        Probe("four", _batch(4, 2, rate=0.1, seed=2)),
        Probe("square", _batch(3, 3, rate=0.9, seed=4, order="F")),
        Probe("float32", _in_32_bits(), tolerance=1e-4),
        Probe(
            "far",
            _batch(6, 2, rate=0.5, seed=5, mean=1e8),
            tolerance=1e-3,
            rounding="one-pass-variance",
        ),
    ),
)
