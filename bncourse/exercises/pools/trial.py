"""Batch norm in pools: a few samples at a time share their statistics."""

from bncourse.checker.exercise import Probe, Trial
from bncourse.exercises.materials.batches import batch, in_32_bits, nearly_constant


def probe(name, x, gamma, beta, eps=1e-5, *, size, **fields):
    """Return the probe with pools of `size`."""
    return Probe(name, (x, size, gamma, beta, eps), **fields)


TRIAL = Trial(
    outputs=("y",),
    probes=(
        probe("even", *batch(4, 2, seed=1), size=2),
        probe("three-pools", *batch(6, 3, seed=2), size=2),
        probe("rest", *batch(8, 2, seed=3), size=3),
        probe("rest-of-one", *batch(7, 2, seed=4), size=3),
        probe("larger", *batch(3, 2, seed=5), size=5),
        probe("ones", *batch(4, 3, seed=6), size=1),
        probe("large-eps", *batch(9, 2, seed=7), 0.5, size=4),
        probe("constant", *nearly_constant(5, 3, seed=8), size=3),
        probe("square", *batch(3, 3, seed=9), size=3),
        probe("float32", *in_32_bits(batch(10, 2, seed=10)), size=4, tolerance=1e-4),
        probe("far", *batch(8, 2, seed=11, scale=0.5, mean=1e8), size=4, tolerance=1e-3),
    ),
)
