"""Which update rate rests on as many examples, and how long it remembers its start."""

from math import ceil, log

from bncourse.exercises.exercise import number_exercise


def as_precise(small, large, default=0.1):
    """Return u with N(2 - u)/u the same for N = `small` as for `large` with the rate `default`."""
    return 2 * default * small / (large * (2 - default) + small * default)


# The update rate: the first is right.
RATES = {
    "as-precise": as_precise(4, 64),
    "reversed": as_precise(64, 4),
    "for-the-variance": as_precise(3, 63),
    "from-keras": as_precise(4, 64, 0.01),
    "in-proportion": 0.1 * 4 / 64,
    "without-one-bracket": 4 * 0.1 / (64 * (2 - 0.1)),
    "with-root": 0.1 * (4 / 64) ** 0.5,
    "with-square": 0.1 * (4 / 64) ** 2,
    "default": 0.1,
    "percent": 100 * as_precise(4, 64),
}
# The steps after which the start weighs less than a hundredth: the first is right.
STEPS = {
    "power": lambda rate: ceil(log(0.01) / log(1 - rate)),
    "default-rate": lambda rate: log(0.01) / log(0.9),
    "mixed-logarithms": lambda rate: -2 / log(1 - rate),
    "straight-line": lambda rate: 0.99 / rate,
    "inverse-rate": lambda rate: 1 / rate,
    "half-life": lambda rate: log(0.5) / log(1 - rate),
    "tenth": lambda rate: log(0.1) / log(1 - rate),
    "thousandth": lambda rate: log(0.001) / log(1 - rate),
    "examples": lambda rate: 4 * log(0.01) / log(1 - rate),
}


def trust(*, rate="as-precise", steps_of=None, kept=False, steps="power", swapped=False):
    """Return the update rate for batches of 4, and the steps until its start is forgotten."""
    update_rate = RATES[rate]
    results = (1 - update_rate if kept else update_rate), STEPS[steps](RATES[steps_of or rate])
    return results[::-1] if swapped else results


EXERCISE = number_exercise(trust, outputs=("update_rate", "steps"))
