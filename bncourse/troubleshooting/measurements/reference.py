"""The model beside another one that should give the same answers."""

from bncourse.troubleshooting.examination import Examination
from bncourse.troubleshooting.measured import Measured, above


def measure(exam: Examination) -> list[Measured]:
    """Return how far the outputs are from those of the reference, in evaluation."""
    if exam.reference is None:
        return []
    return [above("", exam.beside.difference, exam.beside.limit)]
