"""Batch normalization of a batch of images, in training."""

from bncourse.checker.exercise import Case, Trial
from bncourse.exercises.materials.batches import batch, in_32_bits, nearly_constant

TRIAL = Trial(
    outputs=("y",),
    cases=(
        Case("pictures", batch(2, 3, 2, 4, seed=11)),
        Case("all-two", batch(2, 2, 2, 2, seed=12)),
        Case("large-eps", (*batch(3, 2, 2, 1, seed=13), 0.5)),
        Case("constant", nearly_constant(2, 3, 2, 2, seed=14)),
        Case("one-pixel", batch(4, 2, 1, 1, seed=15)),
        Case("one-picture", batch(1, 2, 3, 2, seed=16)),
        Case("float32", in_32_bits(batch(3, 2, 2, 3, seed=17)), tolerance=1e-4),
        Case("far", batch(3, 2, 2, 2, seed=18, scale=0.5, mean=1e8), tolerance=1e-3),
    ),
)
