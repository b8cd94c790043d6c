"""Running statistics that are still what a new layer has."""

from collections.abc import Iterator

from bncourse.troubleshooting.examination import Examination
from bncourse.troubleshooting.fit import QUARTER
from bncourse.troubleshooting.measured import Measured, above


def measure(exam: Examination) -> Iterator[Measured]:
    """Return the share of channels whose running mean is still 0, and the variance still 1."""
    for norm, fit in exam.fits.items():
        mean, var = norm.running
        start = (mean == 0) & (var == 1)
        share = float(start.double().mean())
        yield above(norm.name, share, 0.5, fit.off > QUARTER, weighs=fit.weight, off=fit.off)
