"""What dropout does to the variance of a feature."""

import numpy as np

from bncourse.checker.exercise import Case, Trial


def features(*pairs):
    """Return the means and the variances of features, given one pair for each."""
    return tuple(np.array(column, float) for column in zip(*pairs, strict=True))


TRIAL = Trial(
    outputs=("var",),
    cases=(
        Case("centred", (*features((0, 1), (0, 4)), 0.5)),
        Case("half", (*features((2, 1.5), (-1, 0.3)), 0.5)),
        Case("fifth", (*features((0.7, 2), (-3, 0.5), (1.2, 5)), 0.2)),
        Case("most", (*features((-0.4, 3), (2.5, 0.2)), 0.7)),
        Case("constant", (*features((3, 0), (-1, 0)), 0.25)),
        Case("none", (*features((1, 2), (-2, 0.6)), 0.0)),
    ),
)
