"""What batch norm makes of two values."""

import numpy as np

from bncourse.checker.exercise import trial_of_numbers
from bncourse.checker.returned import UnfitError


def both(answer):
    """Return two numbers as one array: a mistake explains both, or none."""
    numbers = np.atleast_1d(answer)
    if len(numbers) != 2:
        raise UnfitError("wrong-count", found=len(numbers), wanted=2, names="smaller, larger")
    return numbers


TRIAL = trial_of_numbers("the two values", observe=both)
