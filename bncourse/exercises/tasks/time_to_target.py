"""After how many epochs a target is reached."""

import numpy as np

from bncourse.exercises.exercise import Probe, function_exercise

# Which entries have reached the target: the first is right.
REACHED = {
    "at-least": lambda accuracy, target: accuracy >= target,
    "above": lambda accuracy, target: accuracy > target,
    "risen-to": lambda accuracy, target: (accuracy >= target) & (_before(accuracy) < target),
    "if-at-the-end": lambda accuracy, target: (accuracy >= target) & (accuracy[-1] >= target),
}
# The entry that is taken for the one that reaches the target, counted from 0: the first is right.
ENTRIES = {
    "first": lambda accuracy, reached, target: reached.argmax(),
    "last": lambda accuracy, reached, target: np.flatnonzero(reached).max(),
    "stays": lambda accuracy, reached, target: np.flatnonzero(~reached).max(initial=-1) + 1,
    "best": lambda accuracy, reached, target: accuracy.argmax(),
    "nearest": lambda accuracy, reached, target: abs(accuracy - target).argmin(),
    "as-many-as-above": lambda accuracy, reached, target: reached.sum() - 1,
    "as-many-as-below": lambda accuracy, reached, target: (~reached).sum(),
    "bisected": lambda accuracy, reached, target: np.searchsorted(accuracy, target),
    "between": lambda accuracy, reached, target: _crossing(accuracy, reached.argmax(), target),
}
# What is returned if no entry reaches the target: the first is right.
NEVER = {
    "nan": lambda accuracy: np.nan,
    "zero": lambda accuracy: 0,
    "one": lambda accuracy: 1,
    "minus-one": lambda accuracy: -1,
    "last": len,
    "after-last": lambda accuracy: len(accuracy) + 1,
    "infinite": lambda accuracy: np.inf,
    "best": lambda accuracy: accuracy.argmax() + 1,
    "raises": lambda accuracy: next(iter(())),
}


def _before(accuracy):
    return np.concatenate([[np.inf], accuracy[:-1]])


def _crossing(accuracy, after, target):
    """Return where the straight line to the entry `after` from the one before meets the target."""
    if after == 0:
        return 0
    low, high = accuracy[after - 1], accuracy[after]
    return after - (high - target) / (high - low)


def epochs_to(
    accuracy,
    target,
    *,
    reached="at-least",
    entry="first",
    never="nan",
    more=1,
    skipped=0,
    always=None,
):
    """Return the epochs until `accuracy`, (E,), is at least `target`; nan if it never is."""
    accuracy, target = accuracy[skipped:], always or target
    good = REACHED[reached](accuracy, target)
    if not good.any():
        return NEVER[never](accuracy)
    return ENTRIES[entry](accuracy, good, target) + more


EXERCISE = function_exercise(
    epochs_to,
    outputs=("epochs",),
    probes=(
        Probe("rises", (np.array([0.52, 0.81, 0.93, 0.95, 0.96]), 0.9)),
        Probe("first", (np.array([0.92, 0.94, 0.97]), 0.9)),
        Probe("exactly", (np.array([0.6, 0.75, 0.72, 0.86, 0.75]), 0.75)),
        Probe("never", (np.array([0.3, 0.55, 0.64, 0.61]), 0.9)),
        Probe("at-the-end", (np.array([0.1, 0.2, 0.25, 0.4, 0.52]), 0.5)),
        Probe("dips", (np.array([0.66, 0.91, 0.83, 0.84, 0.92, 0.97, 0.94]), 0.88)),
        Probe("falls", (np.array([0.4, 0.7, 0.74, 0.62, 0.3]), 0.65)),
    ),
)
