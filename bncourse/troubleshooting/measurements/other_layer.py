"""A layer that computes something else than its namesake in the reference."""

from bncourse.troubleshooting.examination import Examination
from bncourse.troubleshooting.measured import Measured, above


def measure(exam: Examination) -> list[Measured]:
    """Return how far the outputs are off, with the first layer whose namesake does otherwise."""
    return [above(exam.beside.first, exam.beside.difference, exam.beside.limit)]
