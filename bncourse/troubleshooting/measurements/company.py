"""One sample beside different ones, in evaluation."""

from bncourse.troubleshooting.leaking import LIMIT
from bncourse.troubleshooting.measured import above


def measure(exam):
    """Return how far the outputs for a sample move in evaluation when its company is exchanged."""
    return [] if exam.company is None else [above("", exam.company.change, LIMIT)]
