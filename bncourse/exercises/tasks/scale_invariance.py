"""What becomes of the gradient and of the effective rate when the weights get longer."""

import numpy as np

from bncourse.exercises.exercise import Probe, function_exercise

# The size of the longer weights that the rate is divided by: the first is right.
SIZES = {
    "squared-length": lambda longer, w: (longer**2).sum(),
    "length": lambda longer, w: np.sqrt((longer**2).sum()),
    "mean-square": lambda longer, w: (longer**2).mean(),
    "variance": lambda longer, w: longer.var(),
    "sum": lambda longer, w: np.abs(longer).sum(),
    "sum-squared": lambda longer, w: np.abs(longer).sum() ** 2,
    "signed-sum-squared": lambda longer, w: longer.sum() ** 2,
    "largest": lambda longer, w: np.abs(longer).max() ** 2,
    "each": lambda longer, w: longer**2,
    "fourth-power": lambda longer, w: (longer**2).sum() ** 2,
    "scale-alone": lambda longer, w: (longer**2).sum() / (w**2).sum(),
}
RATES = {
    "effective": lambda rate, size, w, grad: rate / size,
    "bare": lambda rate, size, w, grad: rate,
    "times": lambda rate, size, w, grad: rate * size,
    "angle": lambda rate, size, w, grad: rate * np.sqrt((grad**2).sum() / (w**2).sum()),
    "of-gradient": lambda rate, size, w, grad: rate / (grad**2).sum(),
    "after-step": lambda rate, size, w, grad: rate / ((w - rate * grad) ** 2).sum(),
    "relative": lambda rate, size, w, grad: rate * (grad**2).sum() / size,
}


def rescaled(
    w,
    grad,
    learning_rate,
    c,
    *,
    gradient_power=-1,
    weight_power=1,
    size="squared-length",
    rate="effective",
    grad_size="free",
    swapped=False,
):
    """Return gradient and effective rate at ``c * w``; the switches make it wrong.

    The powers say with which power of `c` the gradient and the weights grow.
    """
    grad = grad * float(c) ** gradient_power
    if grad_size == "unit":
        grad = grad / np.sqrt((grad**2).sum())
    longer = w * float(c) ** weight_power
    effective = RATES[rate](learning_rate, SIZES[size](longer, w), longer, grad)
    return (effective, grad) if swapped else (grad, effective)


def _point(size, seed, scale=1.0):
    """Return weights, and a gradient that is orthogonal to them, as that of batch norm is."""
    rng = np.random.default_rng(seed)
    w, grad = 0.3 + scale * rng.normal(size=size), rng.normal(size=size)
    return w, grad - (grad @ w) / (w @ w) * w


EXERCISE = function_exercise(
    rescaled,
    outputs=("gradient", "effective rate"),
    probes=(
        Probe("tenfold", (*_point(3, seed=1), 0.5, 10.0)),
        Probe("half", (*_point(4, seed=2, scale=2.0), 0.1, 0.5)),
        Probe("same", (*_point(2, seed=3, scale=0.2), 1.5, 1.0)),
        Probe("whole", (*_point(5, seed=4, scale=3.0), 0.3, 3)),
    ),
)
