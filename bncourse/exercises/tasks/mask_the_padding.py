"""Batch norm of sequences of different lengths, whose padding has no say in the statistics."""

import numpy as np

from bncourse.exercises.exercise import Probe, function_exercise
from bncourse.exercises.materials.standardizing import SPREADS

# How (N, C, steps) becomes what is worked on, and comes back: the first is right.
VIEWS = {
    "as-it-is": (lambda x: x, lambda y, shape: y),
    "reshaped": (
        lambda x: x.reshape(len(x), x.shape[2], x.shape[1]).swapaxes(1, 2),
        lambda y, shape: y.swapaxes(1, 2).reshape(shape),
    ),
}
# How the mask is laid over (N, C, steps): the first is right.
LAYINGS = {
    "steps": lambda mask, shape: np.broadcast_to(mask[:, None], shape),
    "without-channels": lambda mask, shape: np.broadcast_to(mask, shape),
}
# What is pooled, and how much each value weighs: the first is right.
POOLS = {
    "there": lambda x, there: (x, there),
    "everything": lambda x, there: (x, np.ones_like(x)),
    "padding": lambda x, there: (x, 1 - there),
    "padding-as-zeros": lambda x, there: (x * there, np.ones_like(x)),
    "steps-without-padding": lambda x, there: (x, there * there.min(0)),
    "first-steps": lambda x, there: (x, _moved_to_front(there)),
    "first-mask": lambda x, there: (x, np.broadcast_to(there[:1], there.shape)),
    "not-zero": lambda x, there: (x, (x != 0) * np.ones_like(x)),
    "sequences-alike": lambda x, there: (x, there / there.sum(2, keepdims=True)),
}


def _moved_to_front(there):
    return np.flip(np.sort(there, 2), 2)


# The weighted squares of which the variance is made, from the values that are pooled.
SQUARES = {
    "of-pool": lambda x, mean, values, weights, there: weights * (values - mean) ** 2,
    "of-everything": lambda x, mean, values, weights, there: (x - mean) ** 2,
    "padding-as-zeros": lambda x, mean, values, weights, there: (x * there - mean) ** 2,
    "all-about-own-mean": lambda x, mean, values, weights, there: (
        (x - x.mean((0, 2), keepdims=True)) ** 2
    ),
    "within-sequences": lambda x, mean, values, weights, there: (
        weights * (x - _divided(weights * x, "weights", 2, weights, None)) ** 2
    ),
    "about-zero": lambda x, mean, values, weights, there: weights * values**2,
}
# What a sum is divided by, from the sum of the weights, the size of the pool, and the mask.
COUNTS = {
    "weights": lambda total, size, mask: total,
    "ones": lambda total, size, mask: mask.sum(),
    "ones-of-all-channels": lambda total, size, mask: total.sum(),
    "size": lambda total, size, mask: size,
    "one-less": lambda total, size, mask: total - 1,
    "sequences": lambda total, size, mask: len(mask),
    "nothing": lambda total, size, mask: 1,
}


def masked_batch_norm(
    x,
    mask,
    eps=1e-5,
    *,
    view="as-it-is",
    axes=(0, 2),
    laying="steps",
    pool="there",
    mean_pool=None,
    squares="of-pool",
    mean_count="weights",
    var_count="weights",
    spread="root",
    centre=1,
    fixed_eps=None,
):
    """Return batch norm of `x`, (N, C, steps), over the steps where `mask` is 1."""
    eps = eps if fixed_eps is None else fixed_eps
    shape, (to_view, back) = x.shape, VIEWS[view]
    x = to_view(x)
    there = LAYINGS[laying](mask, x.shape)
    values, weights = POOLS[mean_pool or pool](x, there)
    mean = _divided(weights * values, mean_count, axes, weights, mask)
    values, weights = POOLS[pool](x, there)
    squared = SQUARES[squares](x, mean, values, weights, there)
    var = _divided(squared, var_count, axes, weights, mask)
    return back((x - centre * mean) / SPREADS[spread](var, eps), shape)


def _divided(values, count, axes, weights, mask):
    """Return the sum of `values`, divided by a count."""
    total = weights.sum(axes, keepdims=True)
    return values.sum(axes, keepdims=True) / COUNTS[count](total, values.size // total.size, mask)


def where_there(answer, x, mask, *eps):
    """Return what the answer gives, with zeros for the padding: that may be anything."""
    there, shape = mask[:, None] == 1, x.shape
    y = answer(x, mask, *eps)
    y = y[0] if isinstance(y, tuple) and len(y) == 1 else y
    return np.where(there, y, 0) if isinstance(y, np.ndarray) and y.shape == shape else y


def _sequences(lengths, channels, seed, scale=3.0, mean=2.0, padding=9.0):
    rng = np.random.default_rng(seed)
    steps = np.arange(max(lengths))
    mask = (steps < np.array(lengths)[:, None]).astype(float)
    size = rng.uniform(0.5, 2, (len(lengths), channels, 1))
    x = mean + size * (scale * rng.normal(size=(len(lengths), channels, len(steps))) + 1)
    return np.where(mask[:, None] == 1, x, padding * rng.normal(size=x.shape)), mask


def _with_gaps():
    """Return sequences whose padding is at the beginning, in the middle, and nowhere."""
    x, _ = _sequences((5, 5, 5), 2, seed=9)
    return x, np.array([[0, 0, 1, 1, 1], [1, 0, 1, 0, 1], [1, 1, 1, 1, 1]], float)


def _nearly_constant():
    x, mask = _sequences((4, 2, 3), 2, seed=5)
    return x * np.array([[1e-3], [1.0]]), mask, 1e-4


def _in_32_bits():
    return tuple(part.astype(np.float32) for part in _sequences((4, 2), 3, seed=7))


EXERCISE = function_exercise(
    masked_batch_norm,
    outputs=("y",),
    observe=where_there,
    probes=(
        Probe("two", _sequences((3, 2), 3, seed=1)),
        Probe("zeros", _sequences((4, 1, 2), 2, seed=2, padding=0.0)),
        Probe("square", _sequences((4, 3, 1), 3, seed=3)),
        Probe("full", _sequences((3, 3), 2, seed=4)),
        Probe("gaps", _with_gaps()),
        Probe("constant", _nearly_constant()),
        Probe("large-eps", (*_sequences((2, 5, 1), 3, seed=6), 0.5)),
        Probe("float32", _in_32_bits(), tolerance=1e-4),
        Probe(
            "far",
            _sequences((4, 2, 3), 2, seed=8, scale=0.5, mean=1e8, padding=0.0),
            tolerance=1e-3,
            rounding="one-pass-variance",
        ),
    ),
)
