"""What dropout does to the variance of a feature."""

import numpy as np

from bncourse.exercises.exercise import Probe, function_exercise

# What the variance and the squared mean are multiplied by, from the probabilities that a value is
# kept and that it is dropped: the first is right.
FACTORS = {
    "dropped-and-scaled": lambda kept, dropped: (1 / kept, dropped / kept),
    "evaluation": lambda kept, dropped: (1, 0),
    "not-scaled": lambda kept, dropped: (kept, kept * dropped),
    "scaled-down": lambda kept, dropped: (kept**3, kept**3 * dropped),
    "scaled-by-root": lambda kept, dropped: (1, dropped),
    "never-zero": lambda kept, dropped: (1 / kept**2, 0),
    "divided-twice": lambda kept, dropped: (1 / kept**2, dropped / kept**2),
    "mean-forgotten": lambda kept, dropped: (1 / kept, 0),
    "not-scaled-mean-forgotten": lambda kept, dropped: (kept, 0),
    "var-left": lambda kept, dropped: (1, dropped / kept),
    "mean-not-scaled": lambda kept, dropped: (1 / kept, dropped),
    "both-as-if-not-scaled": lambda kept, dropped: (1, kept * dropped),
    "mask-not-scaled": lambda kept, dropped: (1 + kept * dropped, kept * dropped),
    "mask-scaled-once": lambda kept, dropped: (1 + dropped, dropped),
    "of-variances": lambda kept, dropped: (dropped / kept, 0),
    "mean-square": lambda kept, dropped: (1 / kept, 1 / kept),
    "mean-added": lambda kept, dropped: (1 / kept, 1),
    "less-scaled-mean": lambda kept, dropped: (1 / kept, 1 / kept - 1 / kept**2),
    "less-unscaled-mean": lambda kept, dropped: (1 / kept, 1 / kept - kept**2),
    "not-scaled-less-mean": lambda kept, dropped: (kept, kept - 1),
    "never-zero-less-mean": lambda kept, dropped: (1 / kept**2, 1 / kept**2 - 1),
}
# What is returned, from the variance after dropout and the one before: the first is right.
RESULTS = {
    "variance": lambda after, before: after,
    "deviation": lambda after, before: np.sqrt(after),
    "ratio": lambda after, before: after / before,
    "increase": lambda after, before: after - before,
}


def variance_after(
    mean,
    var,
    rate,
    *,
    factors="dropped-and-scaled",
    power_of_mean=2,
    power_of_var=1,
    kept_for_dropped=False,
    always=None,
    result="variance",
):
    """Return the variance after dropout, in training, of features with these moments, (C,)."""
    dropped = np.float64(rate if always is None else always)
    kept, dropped = (dropped, 1 - dropped) if kept_for_dropped else (1 - dropped, dropped)
    of_var, of_mean = FACTORS[factors](kept, dropped)
    after = of_var * var**power_of_var + of_mean * mean**power_of_mean
    return RESULTS[result](after, var)


def _features(*pairs):
    return tuple(np.array(column, float) for column in zip(*pairs, strict=True))


EXERCISE = function_exercise(
    variance_after,
    outputs=("var",),
    probes=(
        Probe("centred", (*_features((0, 1), (0, 4)), 0.5)),
        Probe("half", (*_features((2, 1.5), (-1, 0.3)), 0.5)),
        Probe("fifth", (*_features((0.7, 2), (-3, 0.5), (1.2, 5)), 0.2)),
        Probe("most", (*_features((-0.4, 3), (2.5, 0.2)), 0.7)),
        Probe("constant", (*_features((3, 0), (-1, 0)), 0.25)),
        Probe("none", (*_features((1, 2), (-2, 0.6)), 0.0)),
    ),
)
