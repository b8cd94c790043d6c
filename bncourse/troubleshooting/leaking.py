"""Norms that use the statistics of the batch in evaluation."""

from bncourse.troubleshooting.measured import above

LIMIT = 0.01  # of the spread of the outputs: rounding is far below


def leaking(exam, of_kind):
    """Return what company changes in evaluation, for each norm of a kind that makes it matter.

    A norm of that kind which uses running statistics is told with a change of 0.
    """
    if exam.company is None:
        return
    for norm in exam.evaluation.norms:
        if of_kind(norm):
            change = exam.company.change if exam.evaluation.uses_batch(norm) else 0.0
            yield above(norm.name, change, LIMIT)
