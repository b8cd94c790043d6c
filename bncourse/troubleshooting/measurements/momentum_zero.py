"""A momentum of 0, with which nothing is ever learned about the data."""

from collections.abc import Iterator

from bncourse.troubleshooting.examination import Examination
from bncourse.troubleshooting.fit import QUARTER
from bncourse.troubleshooting.measured import Measured


def measure(exam: Examination) -> Iterator[Measured]:
    """Return the weight that a batch has in each norm's running statistics."""
    for norm, fit in exam.fits.items():
        if norm.momentum is not None:
            found = norm.momentum == 0 and fit.off > QUARTER
            yield Measured(
                norm.name, norm.momentum, 0.0, found, facts={"off": fit.off}, weighs=fit.weight
            )
