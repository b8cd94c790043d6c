"""A bias that was folded wrongly, or forgotten."""

from bncourse.troubleshooting.beside import SAME
from bncourse.troubleshooting.measured import above


def measure(exam):
    """Return how far the bias of folded layers is from the right one, in units of γ."""
    for fold in exam.beside.folds:
        if fold.folded and not fold.kept:
            yield above(fold.layer, fold.bias_off, SAME, old=fold.old, norm=fold.norm)
