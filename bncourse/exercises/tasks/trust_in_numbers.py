"""Which update rate rests on as many examples, and how long it remembers its start."""

from math import log

from bncourse.exercises.exercise import number_exercise


def as_precise(small, large):
    """Return u with N(2 - u)/u the same for N = `small` as it is for `large` with the rate 0.1."""
    return 2 * 0.1 * small / (large * (2 - 0.1) + small * 0.1)


# The update rate: the first is right.
RATES = {
    "as-precise": as_precise(4, 64),
    "reversed": as_precise(64, 4),
    "in-proportion": 0.1 * 4 / 64,
    "with-root": 0.1 * (4 / 64) ** 0.5,
    "with-square": 0.1 * (4 / 64) ** 2,
    "default": 0.1,
}
# The steps after which the start weighs less than a hundredth: the first is right.
STEPS = {
    "power": lambda rate: log(0.01) / log(1 - rate),
    "default-rate": lambda rate: log(0.01) / log(0.9),
    "mixed-logarithms": lambda rate: -2 / log(1 - rate),
    "straight-line": lambda rate: 0.99 / rate,
    "half-life": lambda rate: log(0.5) / log(1 - rate),
    "tenth": lambda rate: log(0.1) / log(1 - rate),
}


def trust(*, rate="as-precise", kept=False, steps="power"):
    """Return the update rate for batches of 4, and the steps until its start is forgotten."""
    update_rate = RATES[rate]
    return 1 - update_rate if kept else update_rate, STEPS[steps](update_rate)


EXERCISE = number_exercise(trust, outputs=("update_rate", "steps"))
