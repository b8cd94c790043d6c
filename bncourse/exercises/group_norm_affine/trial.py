"""Group norm with a scale and a shift for each channel."""

from bncourse.checker.exercise import Case, Trial
from bncourse.exercises.materials.batches import batch, in_32_bits, nearly_constant


def grouped(x, gamma, beta, *eps, groups):
    """Return the arguments of an answer."""
    return x, groups, gamma, beta, *eps


TRIAL = Trial(
    outputs=("y",),
    cases=(
        Case("two-groups", grouped(*batch(2, 4, 2, 3, seed=71), groups=2)),
        Case("large-eps", grouped(*batch(3, 4, 2, 2, seed=72), 0.5, groups=2)),
        Case("square", grouped(*batch(4, 4, 4, 4, seed=73), groups=2)),
        Case("three-groups", grouped(*batch(2, 6, 3, 2, seed=74), groups=3)),
        Case("one-group", grouped(*batch(2, 4, 2, 3, seed=75), groups=1)),
        Case("constant", grouped(*nearly_constant(3, 4, 2, 2, seed=76), groups=4)),
        Case("float32", grouped(*in_32_bits(batch(3, 4, 2, 2, seed=77)), groups=2), 1e-4),
    ),
)
