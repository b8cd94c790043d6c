"""The backward pass of batch norm in training, for a batch of images."""

from bncourse.checker.exercise import Case, Trial
from bncourse.exercises.materials.batches import batch, given, in_32_bits, nearly_constant

TRIAL = Trial(
    outputs=("dx", "dgamma", "dbeta"),
    cases=(
        Case("images", given(*batch(2, 3, 2, 4, seed=81))),
        Case("square", given(*batch(3, 3, 3, 3, seed=82))),
        Case("large-eps", given(*batch(4, 2, 2, 3, seed=83), 0.5)),
        Case("one-image", given(*batch(1, 2, 3, 2, seed=84))),
        Case("constant", given(*nearly_constant(3, 2, 2, 2, seed=85))),
        Case("float32", in_32_bits(given(*batch(3, 2, 2, 2, seed=86))[:3]) + (1e-5,), 1e-3),
    ),
)
