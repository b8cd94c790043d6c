"""After how many steps a running average has forgotten where it began."""

import math

from bncourse.exercises.exercise import number_exercise

# The number of steps, from what is kept in each and what is to be left: the first is right.
RULES = {
    "power": lambda kept, left: math.log(left) / math.log(kept),
    "linear": lambda kept, left: (1 - left) / (1 - kept),
    "three-time-constants": lambda kept, left: 3 / (1 - kept),
    "time-constants": lambda kept, left: 1 / left / (1 - kept),
    "one-time-constant": lambda kept, left: 1 / (1 - kept),
}
ROUNDINGS = {"up": lambda n: math.ceil(round(n, 9)), "down": math.floor, "none": float}
# The two numbers of steps before they are rounded, from one for each average.
BOTH = {
    "each": lambda first, second: (first, second),
    "by-ratio": lambda first, second: (first, first / 10),
    "second-one-less": lambda first, second: (first, second - 1),
}


def steps(
    *, left=0.05, kept=(0.99, 0.9), rule="power", rounding="up", both="each", steps_per_unit=1
):
    """Return the steps that two averages need; the switches make it wrong."""
    counts = (RULES[rule](share, left) / steps_per_unit for share in kept)
    return tuple(ROUNDINGS[rounding](n) for n in BOTH[both](*counts))


EXERCISE = number_exercise(steps, outputs=("with 0.99", "with 0.9"), tolerance=1e-3)
