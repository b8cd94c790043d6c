"""After how many steps a running average has forgotten where it began."""

import math

from bncourse.exercises.exercise import number_exercise

# The number of steps, from what is kept in each and what is to be left: the first is right.
RULES = {
    "power": lambda kept, left: math.log(left) / math.log(kept),
    "linear": lambda kept, left: (1 - left) / (1 - kept),
    "three-time-constants": lambda kept, left: 3 / (1 - kept),
    "one-time-constant": lambda kept, left: 1 / (1 - kept),
}
ROUNDINGS = {"up": lambda n: math.ceil(round(n, 9)), "down": math.floor, "none": float}


def steps(*, left=0.05, kept=(0.99, 0.9), rule="power", rounding="up", steps_per_unit=1):
    """Return the steps that two averages need; the switches make it wrong."""
    counts = (RULES[rule](share, left) / steps_per_unit for share in kept)
    return tuple(ROUNDINGS[rounding](n) for n in counts)


EXERCISE = number_exercise(steps, outputs=("with 0.99", "with 0.9"), tolerance=1e-3)
