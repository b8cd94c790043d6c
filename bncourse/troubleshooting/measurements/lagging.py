"""Running statistics that are not those of the data."""

from collections.abc import Iterator

from bncourse.troubleshooting.examination import Examination
from bncourse.troubleshooting.measured import Measured, above


def measure(exam: Examination) -> Iterator[Measured]:
    """Return how far each norm's running statistics are from those of all it meets."""
    for norm, fit in exam.fits.items():
        yield above(norm.name, fit.off, fit.limit, spread=fit.spread)
