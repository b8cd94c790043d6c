"""A bias that was folded wrongly, or forgotten."""

from collections.abc import Iterator

from bncourse.troubleshooting.beside import SAME
from bncourse.troubleshooting.examination import Examination
from bncourse.troubleshooting.measured import Measured, above


def measure(exam: Examination) -> Iterator[Measured]:
    """Return how far the bias of folded layers is from the right one, in units of γ."""
    for fold in exam.beside.folds:
        if fold.folded and not fold.kept:
            yield above(fold.layer, fold.bias_off, SAME, old=fold.old, norm=fold.norm)
