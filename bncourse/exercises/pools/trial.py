"""Batch norm in pools: a few samples at a time share their statistics."""

from bncourse.checker.exercise import Case, Trial
from bncourse.exercises.materials.batches import batch, in_32_bits, nearly_constant


def case(name, x, gamma, beta, eps=1e-5, *, size, **fields):
    """Return the case with pools of `size`."""
    return Case(name, (x, size, gamma, beta, eps), **fields)


TRIAL = Trial(
    outputs=("y",),
    cases=(
        case("even", *batch(4, 2, seed=1), size=2),
        case("three-pools", *batch(6, 3, seed=2), size=2),
        case("rest", *batch(8, 2, seed=3), size=3),
        case("rest-of-one", *batch(7, 2, seed=4), size=3),
        case("larger", *batch(3, 2, seed=5), size=5),
        case("ones", *batch(4, 3, seed=6), size=1),
        case("large-eps", *batch(9, 2, seed=7), 0.5, size=4),
        case("constant", *nearly_constant(5, 3, seed=8), size=3),
        case("square", *batch(3, 3, seed=9), size=3),
        case("float32", *in_32_bits(batch(10, 2, seed=10)), size=4, tolerance=1e-4),
        case("far", *batch(8, 2, seed=11, scale=0.5, mean=1e8), size=4, tolerance=1e-3),
    ),
)
