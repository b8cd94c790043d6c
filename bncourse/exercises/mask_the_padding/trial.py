"""Batch norm of sequences of different lengths, whose padding has no say in the statistics."""

import numpy as np

from bncourse.checker.exercise import Case, Trial


def where_there(answer, x, mask, *eps):
    """Return what the answer gives, with zeros for the padding: that may be anything."""
    y = answer(x, mask, *eps)
    y = y[0] if isinstance(y, tuple) and len(y) == 1 else y
    if not isinstance(y, np.ndarray) or y.shape != x.shape:
        return y
    return np.where(mask[:, None] == 1, y, 0)


def sequences(lengths, channels, seed, scale=3.0, mean=2.0, padding=9.0):
    """Return x, (N, C, steps), and its mask; the padding is random numbers of size `padding`."""
    rng = np.random.default_rng(seed)
    steps = np.arange(max(lengths))
    mask = (steps < np.array(lengths)[:, None]).astype(float)
    size = rng.uniform(0.5, 2, (len(lengths), channels, 1))
    x = mean + size * (scale * rng.normal(size=(len(lengths), channels, len(steps))) + 1)
    return np.where(mask[:, None] == 1, x, padding * rng.normal(size=x.shape)), mask


def with_gaps():
    """Return sequences whose padding is at the beginning, in the middle, and nowhere."""
    x, _ = sequences((5, 5, 5), 2, seed=9)
    return x, np.array([[0, 0, 1, 1, 1], [1, 0, 1, 0, 1], [1, 1, 1, 1, 1]], float)


def with_zeros():
    """Return sequences in which some steps are exactly 0, as after a ReLU."""
    x, mask = sequences((4, 2, 3), 2, seed=10)
    return np.maximum(x, 0), mask


def nearly_constant():
    """Return sequences whose first channel hardly varies, and ε."""
    x, mask = sequences((4, 2, 3), 2, seed=5)
    return x * np.array([[1e-3], [1.0]]), mask, 1e-4


IN_32_BITS = tuple(part.astype(np.float32) for part in sequences((4, 2), 3, seed=7))
FAR = sequences((4, 2, 3), 2, seed=8, scale=0.5, mean=1e8, padding=0.0)

TRIAL = Trial(
    outputs=("y",),
    cases=(
        Case("two", sequences((3, 2), 3, seed=1)),
        Case("zeros", sequences((4, 1, 2), 2, seed=2, padding=0.0)),
        Case("square", sequences((4, 3, 1), 3, seed=3)),
        Case("full", sequences((3, 3), 2, seed=4)),
        Case("gaps", with_gaps()),
        Case("steps-of-zero", with_zeros()),
        Case("constant", nearly_constant()),
        Case("large-eps", (*sequences((2, 5, 1), 3, seed=6), 0.5)),
        Case("float32", IN_32_BITS, tolerance=1e-4),
        Case("far", FAR, tolerance=1e-3),
    ),
    observe=where_there,
    arguments=("x", "mask", "eps"),
)
