"""Running statistics that no data can have."""

from collections.abc import Iterator

from bncourse.troubleshooting.examination import Examination
from bncourse.troubleshooting.measured import Measured, above


def measure(exam: Examination) -> Iterator[Measured]:
    """Count the channels with a negative variance, or a mean or variance that is no number."""
    for norm in exam.patient.norms.values():
        if norm.tracks:
            mean, var = norm.running
            good = mean.isfinite() & var.isfinite() & (var >= 0)
            yield above(norm.name, int((~good).sum()), 0, channels=len(good))
