"""After how many epochs a target is reached."""

import numpy as np

from bncourse.checker.exercise import Case, Trial
from bncourse.checker.returned import ABSENT


def epochs_or_nothing(answer, accuracy, target):
    """Return the epochs, or nothing where None is returned for runs that never get there alone."""
    reaches = accuracy.max() >= target
    epochs = answer(accuracy, target)
    if epochs is None and not reaches and answer(accuracy + 1, target) is not None:
        return ABSENT
    return epochs


TRIAL = Trial(
    outputs=("epochs",),
    cases=(
        Case("rises", (np.array([0.52, 0.81, 0.93, 0.95, 0.96]), 0.9)),
        Case("first", (np.array([0.92, 0.94, 0.97]), 0.9)),
        Case("exactly", (np.array([0.6, 0.75, 0.72, 0.86, 0.75]), 0.75)),
        Case("never", (np.array([0.3, 0.64, 0.61, 0.55]), 0.9)),
        Case("at-the-end", (np.array([0.1, 0.2, 0.25, 0.4, 0.52]), 0.5)),
        Case("dips", (np.array([0.66, 0.91, 0.83, 0.84, 0.92, 0.97, 0.94]), 0.88)),
        Case("falls", (np.array([0.4, 0.7, 0.74, 0.62, 0.3]), 0.65)),
        Case("just-below", (np.array([0.62, 0.8962, 0.8871, 0.9125, 0.9241]), 0.9)),
    ),
    observe=epochs_or_nothing,
    arguments=("accuracy", "target"),
)
