"""Data from elsewhere: what reaches the model in evaluation is not what it was trained on."""

from collections.abc import Iterator

from bncourse.troubleshooting.examination import Examination
from bncourse.troubleshooting.measured import Measured, above
from bncourse.troubleshooting.moments import distance, population

HALF = 0.5  # of a standard deviation
TINY = 1e-12


def measure(exam: Examination) -> Iterator[Measured]:
    """Return how far what is evaluated is from what is trained on, at the input and first norm."""
    if exam.given and exam.given_other:
        yield from _judged("", exam.given, exam.given_other, TINY)
    for norm in exam.evaluation.norms[:1]:
        batches, others = exam.evaluation.batches(norm), exam.other.batches(norm)
        if batches and others:
            yield from _judged(norm.name, batches, others, norm.eps)


def _judged(name, batches, others, eps):
    """Return the distance. Of few samples, chance alone may bring more than the half."""
    one, other = population(batches), population(others)
    if one[0].shape == other[0].shape:
        chance = (1.5 / sum(batch.samples for batch in others)) ** 0.5  # of mean and deviation
        value = distance(*other, *one, eps)
        yield above(name, value, max(HALF, 3 * chance))
