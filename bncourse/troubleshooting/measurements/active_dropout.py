"""Dropout that is active in evaluation."""

from bncourse.troubleshooting.examination import Examination
from bncourse.troubleshooting.leaking import LIMIT
from bncourse.troubleshooting.measured import Measured, above
from bncourse.troubleshooting.outputs import Difference


def measure(exam: Examination) -> list[Measured]:
    """Return how far the outputs for the same batch are from those of a second pass."""
    change = Difference()
    if exam.dropouts_in_evaluation:
        change.add(*(exam.patient.run(exam.batches[0]) for _ in range(2)))
    layer = (exam.dropouts_in_evaluation or [""])[0]
    return [above(layer, change.value or 0.0, LIMIT)]
