"""How far off the mean of a pool is, and how large a pool has to be."""

from bncourse.exercises.exercise import number_exercise

DENSE, IMAGES, SIDE, WANTED = 25, 9, 4, 0.025
# How many values the convolution pools: the first is right.
POOLED = {
    "images-and-positions": IMAGES * SIDE**2,
    "images": IMAGES,
    "positions": SIDE**2,
    "rows": IMAGES * SIDE,
    "sum": IMAGES + SIDE**2,
    "positions-squared": IMAGES * SIDE**4,
    "all-squared": (IMAGES * SIDE**2) ** 2,
}
# How many images it takes, from the power of the count that the error falls with.
NEEDED = {
    "from-error": lambda power: WANTED ** (-1 / power),
    "right": lambda power: WANTED**-2,
    "in-proportion": lambda power: DENSE * DENSE**-power / WANTED,
    "inverse": lambda power: 1 / WANTED,
    "convolution": lambda power: WANTED ** (-1 / power) / SIDE**2,
}


def errors(
    *,
    power=0.5,
    pooled="images-and-positions",
    needed="from-error",
    less=0,
    upside_down=False,
    scale=1,
    swapped=False,
):
    """Return the error of the mean of two pools, and the images for an error that is wanted."""
    sign = 1 if upside_down else -1
    found = [scale * (n - less) ** (sign * power) for n in (DENSE, POOLED[pooled])]
    return (*(reversed(found) if swapped else found), NEEDED[needed](power) + less)


EXERCISE = number_exercise(errors, outputs=("dense", "convolution", "images"))
