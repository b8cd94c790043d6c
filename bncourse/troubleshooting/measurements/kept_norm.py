"""A norm that was folded into the layer before it, and is still there."""

from collections.abc import Iterator

from bncourse.troubleshooting.beside import SAME
from bncourse.troubleshooting.examination import Examination
from bncourse.troubleshooting.measured import Measured, above


def measure(exam: Examination) -> Iterator[Measured]:
    """Return what the second norm changes, for each layer with a norm folded in and behind."""
    for fold in exam.beside.folds:
        if fold.folded and fold.scale_off < SAME:
            value = exam.beside.difference if fold.kept else 0.0
            yield above(fold.kept or fold.layer, value, exam.beside.limit, into=fold.layer)
