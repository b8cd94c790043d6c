"""What an activation function behind batch norm does to gradients, and to what images share."""

import numpy as np

from bncourse.exercises.exercise import Probe, function_exercise

SPREADS = {
    "variance": lambda values: values.var(),
    "mean-square": lambda values: np.mean(values**2),
    "deviation": lambda values: values.std(),
    "unbiased": lambda values: values.var(ddof=1),
    "none": lambda values: 1.0,
}
Z = np.linspace(-2, 2, 9)  # in the place of many normal numbers


def factors(
    slopes, values, *, spread="variance", growth="mean-of-squares", root=False, swapped=False
):
    """Return the growth of the squared gradient a layer, and the part of a correlation kept."""
    below = SPREADS[spread](values)
    mean_of_squares, square_of_mean = np.mean(slopes**2), np.mean(slopes) ** 2
    above = {"mean-of-squares": mean_of_squares, "square-of-mean": square_of_mean}[growth]
    found = above / below, square_of_mean / below
    if root:
        found = tuple(np.sqrt(found))
    return found[::-1] if swapped else found


EXERCISE = function_exercise(
    factors,
    outputs=("growth", "kept"),
    probes=(
        Probe("line", (np.ones_like(Z), Z)),
        Probe("tanh", (1 - np.tanh(Z) ** 2, np.tanh(Z))),
        Probe("relu", ((Z > 0).astype(float), np.maximum(Z, 0))),
    ),
)
