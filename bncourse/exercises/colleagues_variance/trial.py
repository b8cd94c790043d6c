"""By which factor x_hat changes if the variance divides by N - 1."""

import numpy as np

from bncourse.checker.exercise import trial_of_numbers
from bncourse.checker.returned import UnfitError


def both(answer):
    """Return two numbers as one array, so that the larger one says what is precise enough."""
    numbers = np.atleast_1d(answer)
    if len(numbers) != 2:
        raise UnfitError("wrong-count", found=len(numbers), wanted=2, names="of 4, of 256")
    return numbers


# The factor of the larger batch is 1 up to 2 in a thousand: three decimals have to be told apart.
TRIAL = trial_of_numbers("the two factors", observe=both, tolerance=4e-4)
