"""The one factor by which each layer multiplies the gradient on its way back."""

import numpy as np

from bncourse.checker.exercise import Case, Trial

TRIAL = Trial(
    outputs=("factor",),
    cases=(
        Case("two", (np.array([0.6, 2.0]),)),
        Case("grows", (np.array([9.0, 4.0, 5.0, 1.0]),)),
        Case("vanishes", (np.array([0.002, 0.05, 0.04, 0.5, 3.0]),)),
        Case("level", (np.array([2.5, 2.0, 3.0, 2.5]),)),
        Case("deep", (np.geomspace(1e-12, 0.3, 20) * np.resize([1, 2, 5], 20),)),
        Case("float32", (np.array([0.5, 0.1, 4.0], np.float32),), tolerance=1e-4),
    ),
)
