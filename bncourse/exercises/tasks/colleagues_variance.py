"""By which factor x_hat changes if the variance divides by N - 1."""

import numpy as np

from bncourse.exercises.exercise import Exercise, Probe
from bncourse.exercises.returned import UnfitError

# The factor of the variances, from the size of the batch; the first is right.
RATIOS = {
    "one-less": lambda n: (n - 1) / n,
    "two-less": lambda n: (n - 2) / (n - 1),
    "one-more": lambda n: n / (n + 1),
    "none": lambda n: 1 / n,
}


def factors(
    *,
    ratio="one-less",
    powers=(0.5, 0.5),
    sizes=(4, 256),
    decimals=(9, 9),
    scale=1.0,
    instead_of=0.0,
):
    """Return the factor for each of two sizes of a batch; the switches make it wrong."""
    found = (RATIOS[ratio](n) ** power for n, power in zip(sizes, powers, strict=True))
    rounded = map(round, found, decimals)
    return tuple(scale * (factor - instead_of) for factor in rounded)


def both(answer):
    """Return two numbers as one array, so that the larger one says what is precise enough."""
    numbers = np.atleast_1d(answer)
    if len(numbers) != 2:
        raise UnfitError("wrong-count", found=len(numbers), wanted=2, names="of 4, of 256")
    return numbers


# The factor of the larger batch is 1 up to 2 in a thousand: three decimals have to be told apart.
EXERCISE = Exercise(
    make=factors,
    probes=(Probe("number"),),
    outputs=("the two factors",),
    observe=both,
    wants="number",
    tolerance=4e-4,
)
