"""An ε that is no small number: mostly an argument in the wrong place."""

from collections.abc import Iterator

from bncourse.troubleshooting.examination import Examination
from bncourse.troubleshooting.measured import Measured, above


def measure(exam: Examination) -> Iterator[Measured]:
    """Return the ε of each norm."""
    for norm in exam.evaluation.norms:
        if exam.evaluation.batches(norm):
            _, var = exam.evaluation.population(norm)
            share = float((norm.eps / (var + norm.eps)).median())
            yield above(norm.name, norm.eps, 0.01, share=share)
