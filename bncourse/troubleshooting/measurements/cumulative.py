"""The plain average of all batches, which holds those of networks long past."""

from bncourse.troubleshooting.measured import above


def measure(exam):
    """Return how far the statistics are off that average over the whole training."""
    for norm, fit in exam.fits.items():
        if norm.momentum is None:
            yield above(norm.name, fit.off, fit.limit, updates=norm.updates)
