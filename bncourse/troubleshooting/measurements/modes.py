"""The same samples in both states."""

from bncourse.troubleshooting.examination import Examination
from bncourse.troubleshooting.measured import Measured, above


def measure(exam: Examination) -> list[Measured]:
    """Return how far the outputs in evaluation are from those in training, dropout left out."""
    value = exam.difference.value
    return [] if value is None else [above("", value, 0.1)]
