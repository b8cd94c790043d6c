"""Weights that were folded with other statistics than the running ones."""

from collections.abc import Iterator

from bncourse.troubleshooting.beside import SAME
from bncourse.troubleshooting.examination import Examination
from bncourse.troubleshooting.measured import Measured, above


def measure(exam: Examination) -> Iterator[Measured]:
    """Return how far the factor of folded weights is from γ / sqrt(running variance + ε)."""
    for fold in exam.beside.folds:
        if fold.folded:
            ratio = float((fold.wanted / fold.scale).median())
            yield above(
                fold.layer,
                fold.scale_off,
                SAME,
                not fold.kept,
                ratio=ratio,
                old=fold.old,
                norm=fold.norm,
                fuse=fold.fuse,
            )
