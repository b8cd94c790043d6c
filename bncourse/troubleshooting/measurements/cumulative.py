"""The plain average of all batches, which holds those of networks long past."""

from collections.abc import Iterator

from bncourse.troubleshooting.examination import Examination
from bncourse.troubleshooting.measured import Measured, above


def measure(exam: Examination) -> Iterator[Measured]:
    """Return how far the statistics are off that average over the whole training."""
    for norm, fit in exam.fits.items():
        if norm.momentum is None:
            yield above(norm.name, fit.off, fit.limit, updates=norm.updates)
