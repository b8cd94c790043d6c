"""Scales that are all nearly zero, in a model that answers the same to every sample."""

from collections.abc import Iterator

from bncourse.troubleshooting.examination import Examination
from bncourse.troubleshooting.measured import Measured, below

NOTHING = 1e-3  # of the size of the outputs, or of a scale


def measure(exam: Examination) -> Iterator[Measured]:
    """Return the largest scale of each norm; it is trouble if nothing goes past the norm."""
    silent = exam.spread is not None and exam.spread < NOTHING
    for norm in exam.evaluation.norms:
        if norm.weight is not None:
            largest = float(norm.weight.detach().abs().max())
            yield below(norm.name, largest, NOTHING, only_if=silent)
