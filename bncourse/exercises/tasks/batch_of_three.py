"""The one direction of gradients that batch norm lets through to the values 0, 1 and 5."""

import numpy as np

from bncourse.exercises.exercise import Exercise, Probe

ONES = np.array([1.0, 1.0, 1.0])
DEVIATION = np.array([-2.0, -1.0, 3.0])  # of 0, 1 and 5 from their mean
DIRECTION = np.cross(ONES, DEVIATION)
NOTABLE, ROUNDED = 0.01, 0.001  # parts, of the length: three decimals are enough


def direction(*, ones=0.0, x_hat=0.0, left=1.0):
    """Return the direction that is left; the switches add the others, or take it away."""
    return tuple(ones * ONES + x_hat * DEVIATION + left * DIRECTION)


def parts(numbers):
    """Return whether three numbers have a part along the ones, along x_hat, and along the rest.

    And whether the first two parts are 0 to three decimals.
    """
    if np.asarray(numbers).dtype.kind == "U":
        raise ValueError(f"words stand where numbers should, got {numbers!r}")
    v = np.asarray(numbers, dtype=float).squeeze()
    if v.shape != (3,) or not np.isfinite(v).all():
        raise ValueError(f"a direction has three finite numbers here, got {numbers!r}")
    v = v / (np.abs(v).max() or 1.0)
    length = np.linalg.norm(v) or 1.0
    cosines = [abs(v @ u) / np.linalg.norm(u) / length for u in (ONES, DEVIATION, DIRECTION)]
    return *(float(part > NOTABLE) for part in cosines), float(max(cosines[:2]) <= ROUNDED)


EXERCISE = Exercise(
    make=direction,
    probes=(Probe("direction"),),
    outputs=(
        *("part along the ones", "part along x̂", "part along the direction that is left"),
        "precise to three decimals",
    ),
    observe=parts,
    wants="number",
)
