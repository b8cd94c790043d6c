"""How many layers it takes until little is left of the gradient."""

import math

from bncourse.exercises.exercise import Probe, function_exercise
from bncourse.exercises.tasks.momentum_conversion import DURATIONS
from bncourse.exercises.tasks.momentum_conversion import ROUNDINGS as TO_WHOLE_STEPS

ROUNDINGS = TO_WHOLE_STEPS | {"to-next": lambda steps: math.floor(steps) + 1}


def depth(
    factor, share, *, duration="power", rounding="up", more=1, power=1, fixed=None, always=None
):
    """Return the smallest number of hidden layers with ``factor ** steps <= share``.

    What is left of the gradient decays as the weight of a running average's start does, with
    `factor` in the place of one minus the update rate.
    """
    kept = (always or factor) ** power
    return ROUNDINGS[rounding](DURATIONS[duration](1 - kept, fixed or share)) + more


EXERCISE = function_exercise(
    depth,
    outputs=("layers",),
    probes=(
        Probe("tanh", (0.95, 0.1)),
        Probe("half", (0.5, 0.25)),
        Probe("relu", (0.4, 1e-3)),
        Probe("sigmoid", (0.24, 1e-6)),
        Probe("steep", (0.14, 0.1)),
        Probe("one-step", (0.3, 0.5)),
    ),
)
