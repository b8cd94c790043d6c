"""Norms that use the statistics of the batch in evaluation."""

from collections.abc import Callable, Iterator

from bncourse.troubleshooting.examination import Examination
from bncourse.troubleshooting.measured import Measured, above
from bncourse.troubleshooting.norms import Norm

LIMIT = 0.01  # of the spread of the outputs: rounding is far below


def leaking(exam: Examination, of_kind: Callable[[Norm], bool]) -> Iterator[Measured]:
    """Return what company changes in evaluation, for each norm of a kind that makes it matter.

    A norm of that kind which uses running statistics is told with a change of 0.
    """
    if exam.company is None:
        return
    for norm in exam.evaluation.norms:
        if of_kind(norm):
            change = exam.company.change if exam.evaluation.uses_batch(norm) else 0.0
            yield above(norm.name, change, LIMIT)
