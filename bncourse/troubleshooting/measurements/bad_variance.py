"""Running statistics that no data can have."""

from bncourse.troubleshooting.measured import above


def measure(exam):
    """Count the channels with a negative variance, or a mean or variance that is no number."""
    for norm in exam.patient.norms.values():
        if norm.tracks:
            good = norm.mean.isfinite() & norm.var.isfinite() & (norm.var >= 0)
            yield above(norm.name, int((~good).sum()), 0, channels=len(good))
