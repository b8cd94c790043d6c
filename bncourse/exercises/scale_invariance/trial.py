"""What becomes of the gradient and of the effective rate when the weights get longer."""

import numpy as np

from bncourse.checker.exercise import Case, Trial


def point(size, seed, scale=1.0):
    """Return weights, and a gradient that is orthogonal to them, as that of batch norm is."""
    rng = np.random.default_rng(seed)
    w, grad = 0.3 + scale * rng.normal(size=size), rng.normal(size=size)
    return w, grad - (grad @ w) / (w @ w) * w


TRIAL = Trial(
    outputs=("gradient", "effective rate"),
    cases=(
        Case("tenfold", (*point(3, seed=1), 0.5, 10.0)),
        Case("half", (*point(4, seed=2, scale=2.0), 0.1, 0.5)),
        Case("same", (*point(2, seed=3, scale=0.2), 1.5, 1.0)),
        Case("whole", (*point(5, seed=4, scale=3.0), 0.3, 3)),
    ),
)
