"""Channels that do not vary: ε decides about them, and nothing of the sample is left."""

from collections.abc import Iterator

from bncourse.troubleshooting.examination import Examination
from bncourse.troubleshooting.measured import Measured, above


def measure(exam: Examination) -> Iterator[Measured]:
    """Return the share of each norm's channels whose variance is smaller than ε."""
    for norm in exam.evaluation.norms:
        if exam.evaluation.batches(norm):
            mean, var = exam.evaluation.population(norm)
            share = float((var < norm.eps).double().mean())
            yield above(norm.name, share, 0.5, eps=norm.eps, largest=float(var.max()))
