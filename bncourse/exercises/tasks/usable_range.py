"""How wide the range of usable learning rates is."""

import numpy as np

from bncourse.exercises.exercise import Probe, function_exercise

# Which rates are usable: the first is right.
USABLE = {
    "at-most": lambda losses, limit: losses <= limit,
    "below": lambda losses, limit: losses < limit,
    "not-above": lambda losses, limit: ~(losses > limit),
    "above": lambda losses, limit: losses > limit,
    "at-least": lambda losses, limit: losses >= limit,
    "finite": lambda losses, limit: np.isfinite(losses),
    "not-nan": lambda losses, limit: ~np.isnan(losses),
}
# Where a rate lies on the axis: the first is right.
AXES = {
    "decimal": np.log10,
    "natural": np.log,
    "binary": np.log2,
    "linear": lambda rates: rates,
}
# The width of the usable places on the axis, `step` apart: the first is right.
WIDTHS = {
    "steps": lambda places, usable, step: usable.sum() * step,
    "edges": lambda places, usable, step: np.ptp(places[usable]),
    "edges-and-step": lambda places, usable, step: np.ptp(places[usable]) + step,
    "one-step-less": lambda places, usable, step: (usable.sum() - 1) * step,
    "longest-run": lambda places, usable, step: _longest_run(usable) * step,
    "share-of-axis": lambda places, usable, step: usable.mean() * np.ptp(places),
    "share": lambda places, usable, step: usable.mean(),
    "count": lambda places, usable, step: usable.sum(),
    "quarters": lambda places, usable, step: usable.sum() / 4,
    "divided": lambda places, usable, step: usable.sum() / step,
    "factor": lambda places, usable, step: usable.sum() * 10**step,
    "first-gap": lambda places, usable, step: usable.sum() * np.diff(10 ** places[:2])[0],
    "whole-axis": lambda places, usable, step: np.ptp(places),
    "ratio": lambda places, usable, step: 10 ** np.ptp(places[usable]),
    "log-of-difference": lambda places, usable, step: np.log10(np.ptp(10 ** places[usable])),
}
# What is returned if no rate is usable: the first is right.
NOTHING = {
    "zero": lambda step: 0,
    "nan": lambda step: np.nan,
    "raises": lambda step: max(()),
    "minus-step": lambda step: -step,
}


def _longest_run(usable):
    ends = np.flatnonzero(~np.concatenate([[False], usable, [False]]))
    return np.diff(ends).max() - 1


def decades(
    rates, losses, limit, *, usable="at-most", axis="decimal", width="steps", nothing="zero"
):
    """Return the width of the range of rates with a loss of at most `limit`, in decades."""
    good = USABLE[usable](losses, limit)
    places = AXES[axis](rates)
    step = np.ptp(places) / (len(places) - 1)
    if not good.any():
        return NOTHING[nothing](step)
    return WIDTHS[width](places, good, step)


def _rates(first, count, steps_a_decade):
    return 10 ** (first + np.arange(count) / steps_a_decade)


EXERCISE = function_exercise(
    decades,
    outputs=("decades",),
    probes=(
        Probe("decades", (_rates(-3, 4, 1), np.array([2.1, 0.3, 0.2, 1.9]), 0.5)),
        Probe("quarters", (_rates(-2, 7, 4), np.array([0.9, 0.4, 0.2, 0.1, 0.3, 0.8, 2.3]), 0.5)),
        Probe(
            "diverged",
            (_rates(-2, 7, 3), np.array([0.6, 0.4, 0.2, 0.1, 3.0, np.inf, np.nan]), 1.0),
        ),
        Probe("exactly", (_rates(-1, 5, 5), np.array([0.75, 0.5, 0.25, 0.5, np.nan]), 0.5)),
        Probe("gap", (_rates(-1, 7, 2), np.array([0.3, 0.2, np.nan, 0.9, 0.1, 0.2, 0.25]), 0.4)),
        Probe("one", (_rates(-4, 3, 2), np.array([2.3, 2.2, 1.1]), 1.5)),
        Probe("none", (_rates(-2, 4, 3), np.array([2.3, 2.0, np.nan, np.nan]), 0.7)),
    ),
)
