"""An evaluation that runs the model in training mode."""

from collections.abc import Iterator

from bncourse.troubleshooting.examination import Examination
from bncourse.troubleshooting.measured import Measured, above


def measure(exam: Examination) -> Iterator[Measured]:
    """Count the norms that use the statistics of a batch while the reader's evaluation runs."""
    if exam.evaluate is not None:
        calls = exam.patient.watched(exam.evaluate)
        wrong = {call.norm.name for call in calls if call.of_batch and call.norm.tracks}
        yield above(min(wrong, default=""), len(wrong), 0)
