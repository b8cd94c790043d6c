"""The one direction of gradients that batch norm lets through to the values 0, 1 and 5."""

import numpy as np

from bncourse.checker.exercise import trial_of_numbers

ONES = np.array([1, 1, 1])
DEVIATION = np.array([-2, -1, 3])  # of 0, 1 and 5 from their mean
DIRECTIONS = ONES, DEVIATION, np.cross(ONES, DEVIATION)
NOTABLE, ROUNDED = 0.01, 0.001  # parts, of the length: three decimals are enough


def parts(answer):
    """Return 1 or 0 for each direction along which three numbers have a part.

    And 1 where the first two parts are 0 to three decimals.
    """
    if np.asarray(answer).dtype.kind == "U":
        raise ValueError(f"words stand where numbers should, got {answer!r}")
    v = np.asarray(answer, dtype=float).squeeze()
    if v.shape != (3,) or not np.isfinite(v).all():
        raise ValueError(f"a direction has three finite numbers here, got {answer!r}")
    v = v / (np.abs(v).max() or 1.0)
    length = np.linalg.norm(v) or 1.0
    cosines = [abs(v @ u) / np.linalg.norm(u) / length for u in DIRECTIONS]
    return *(float(part > NOTABLE) for part in cosines), float(max(cosines[:2]) <= ROUNDED)


TRIAL = trial_of_numbers(
    "part along the ones",
    "part along x̂",
    "part along the direction that is left",
    "precise to three decimals",
    observe=parts,
    probe="direction",
)
