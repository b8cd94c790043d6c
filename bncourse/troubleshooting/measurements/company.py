"""One sample beside different ones, in evaluation."""

from bncourse.troubleshooting.examination import Examination
from bncourse.troubleshooting.leaking import LIMIT
from bncourse.troubleshooting.measured import Measured, above


def measure(exam: Examination) -> list[Measured]:
    """Return how far the outputs for a sample move in evaluation when its company is exchanged."""
    return [] if exam.company is None else [above("", exam.company.change, LIMIT)]
