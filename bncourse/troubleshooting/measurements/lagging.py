"""Running statistics that are not those of the data."""

from bncourse.troubleshooting.measured import above


def measure(exam):
    """Return how far each norm's running statistics are from those of all it meets."""
    for norm, fit in exam.fits.items():
        yield above(norm.name, fit.off, fit.limit, spread=fit.spread)
