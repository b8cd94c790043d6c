"""Dropout before a norm: the variance that it learns is not the one it meets in evaluation."""

from collections.abc import Iterator

from bncourse.troubleshooting.examination import Examination
from bncourse.troubleshooting.fit import QUARTER
from bncourse.troubleshooting.measured import Measured, above
from bncourse.troubleshooting.moments import distance


def measure(exam: Examination) -> Iterator[Measured]:
    """Return how far what a norm meets without dropout is from what it meets with it.

    It is the cause where the running statistics are those with dropout.
    """
    for norm in exam.fits:
        with_it, without = (r.population(norm) for r in (exam.training, exam.quiet))
        if not with_it[1].equal(without[1]):
            ratio = float((without[1] / with_it[1].clamp_min(1e-300)).sqrt().median())
            value = distance(*without, *with_it, norm.eps)
            fits = distance(*with_it, *norm.running, norm.eps) <= QUARTER
            yield above(norm.name, value, QUARTER, fits, ratio=ratio)
