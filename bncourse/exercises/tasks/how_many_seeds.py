"""How many seeds an interval of a wanted width takes."""

import math

from scipy import stats

from bncourse.exercises.exercise import Probe, function_exercise

# By what the number of seeds grows, from the ratio of the half-widths: the first is right.
POWERS = {
    "square": lambda ratio: ratio**2,
    "linear": lambda ratio: ratio,
    "root": lambda ratio: math.sqrt(ratio),
    "inverted": lambda ratio: ratio**-2,
    "whole-width": lambda ratio: (2 * ratio) ** 2,
    "rounded-first": lambda ratio: math.ceil(ratio) ** 2,
    "half-of-half": lambda ratio: (ratio / 2) ** 2,
    "difference": lambda ratio: (ratio - 1) ** 2,
    "exponential": lambda ratio: 2**ratio,
}
# The whole number, from the seeds at first and what they are multiplied by.
ROUNDINGS = {
    "up": lambda start, growth: math.ceil(start * growth),
    "down": lambda start, growth: math.floor(start * growth),
    "nearest": lambda start, growth: round(start * growth),
    "none": lambda start, growth: start * growth,
    "one-more": lambda start, growth: math.floor(start * growth) + 1,
    "early": lambda start, growth: start * math.ceil(growth),
    "root-up": lambda start, growth: math.ceil(math.sqrt(start * growth)) ** 2,
    "never-fewer": lambda start, growth: max(start, math.ceil(start * growth)),
    "degrees-of-freedom": lambda start, growth: math.ceil((start - 1) * growth + 1),
}


def seeds_needed(
    half_width,
    seeds,
    wanted,
    *,
    power="square",
    rounding="up",
    start=None,
    further=False,
    quantile=False,
):
    """Return how many seeds make the half-width `wanted`; the switches make it wrong."""
    start = seeds if start is None else start
    growth = POWERS[power](half_width / wanted)
    if quantile:
        growth *= _smaller_quantile(seeds, growth)
    return ROUNDINGS[rounding](start, growth) - further * seeds


def _smaller_quantile(seeds, growth):
    """Return the factor that is saved because the quantile of t falls with the seeds, too."""
    factor, first = 1.0, stats.t.ppf(0.975, seeds - 1)
    for _ in range(50):
        factor = (stats.t.ppf(0.975, seeds * growth * factor - 1) / first) ** 2
    return factor


EXERCISE = function_exercise(
    seeds_needed,
    outputs=("seeds",),
    probes=(
        Probe("half", (0.5, 36, 0.25)),
        Probe("third", (0.75, 10, 0.26)),
        Probe("slightly", (0.625, 12, 0.5)),
        Probe("tenth", (1.3, 21, 0.131)),
        Probe("wider", (0.25, 40, 0.4)),
        Probe("nearest", (0.7, 10, 0.3)),
    ),
)
