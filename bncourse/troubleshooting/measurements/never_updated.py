"""Running statistics that are still what a new layer has."""

from bncourse.troubleshooting.fit import QUARTER
from bncourse.troubleshooting.measured import above


def measure(exam):
    """Return the share of channels whose running mean is still 0, and the variance still 1."""
    for norm, fit in exam.fits.items():
        start = (norm.mean == 0) & (norm.var == 1)
        share = float(start.double().mean())
        yield above(norm.name, share, 0.5, fit.off > QUARTER, weighs=fit.weight, off=fit.off)
