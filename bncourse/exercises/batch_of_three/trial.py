"""The one direction of gradients that batch norm lets through to the values 0, 1 and 5."""

import numpy as np

from bncourse.checker.exercise import trial_of_numbers

ONES = np.array([1, 1, 1])
DEVIATION = np.array([-2, -1, 3])  # of 0, 1 and 5 from their mean
LEFT = np.cross(ONES, DEVIATION)
# Parts, of the length: what is less may come from rounding, and three decimals are enough.
NOTABLE, ROUNDED = 0.06, 0.001


def parts(answer):
    """Return what three numbers are made of.

    1 or 0 for each direction along which they have a part, and then for whether the first two
    parts are 0 to three decimals, for a wrong sign of a right number, and for the reverse order.
    """
    if np.asarray(answer).dtype.kind == "U":
        raise ValueError(f"words stand where numbers should, got {answer!r}")
    v = np.asarray(answer, dtype=float).squeeze()
    if v.shape != (3,) or not np.isfinite(v).all():
        raise ValueError(f"a direction has three finite numbers here, got {answer!r}")
    v = v / (np.abs(v).max() or 1.0)
    cosines = [_cosine(v, u) for u in (ONES, DEVIATION, LEFT)]
    precise = max(cosines[:2]) <= ROUNDED
    signs = _alike(np.abs(v), np.abs(LEFT)) and not _alike(v, LEFT)
    return *(c > NOTABLE for c in cosines), precise, signs, _alike(v[::-1], LEFT)


def _cosine(v, u):
    return abs(v @ u) / np.linalg.norm(u) / (np.linalg.norm(v) or 1.0)


def _alike(v, u):
    """Say whether one is a multiple of the other, but for rounding."""
    return _cosine(v, u) > 0.999


TRIAL = trial_of_numbers(
    "part along the ones",
    "part along x̂",
    "part along the direction that is left",
    "precise to three decimals",
    "a wrong sign",
    "the reverse order",
    observe=parts,
    case="direction",
)
