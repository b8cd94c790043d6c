"""How wide the range of usable learning rates is."""

import numpy as np

from bncourse.checker.exercise import Case, Trial


def rates(first, count, steps_a_decade):
    """Return rates that are one factor apart, from the power `first` of 10 on."""
    return 10 ** (first + np.arange(count) / steps_a_decade)


TRIAL = Trial(
    outputs=("decades",),
    cases=(
        Case("decades", (rates(-3, 4, 1), np.array([2.1, 0.3, 0.2, 1.9]), 0.5)),
        Case("quarters", (rates(-2, 7, 4), np.array([0.9, 0.4, 0.2, 0.1, 0.3, 0.8, 2.3]), 0.5)),
        Case(
            "diverged",
            (rates(-2, 7, 3), np.array([0.6, 0.4, 0.2, 0.1, 3.0, np.inf, np.nan]), 1.0),
        ),
        Case("exactly", (rates(-1, 5, 5), np.array([0.75, 0.5, 0.25, 0.5, np.nan]), 0.5)),
        Case("gap", (rates(-1, 7, 2), np.array([0.3, 0.2, np.nan, 0.9, 0.1, 0.2, 0.25]), 0.4)),
        Case("gap-at-once", (rates(-3, 6, 3), np.array([0.3, 1.2, 0.2, 0.1, 0.25, 2.3]), 0.6)),
        Case("one", (rates(-4, 3, 2), np.array([2.3, 2.2, 1.1]), 1.5)),
        Case("none", (rates(-2, 4, 3), np.array([2.3, 2.0, np.nan, np.nan]), 0.7)),
    ),
)
