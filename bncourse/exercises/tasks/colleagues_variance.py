"""By which factor x_hat changes if the variance divides by N - 1."""

from bncourse.exercises.exercise import number_exercise


def factors(*, power=0.5, sizes=(4, 256), counts=(1, 0), scale=1.0, instead_of=0.0):
    """Return the factor for each of two sizes of a batch; the switches make it wrong."""
    taken_above, taken_below = counts
    ratios = (((n - taken_above) / (n - taken_below)) ** power for n in sizes)
    return tuple(scale * (ratio - instead_of) for ratio in ratios)


# The factor of the larger batch is 1 up to 2 in a thousand: three decimals have to be told apart.
EXERCISE = number_exercise(factors, outputs=("of 4", "of 256"), tolerance=6e-4)
