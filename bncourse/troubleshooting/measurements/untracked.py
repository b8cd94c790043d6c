"""Norms without running statistics, which use those of the batch in evaluation, too."""

from collections.abc import Iterator

from bncourse.troubleshooting.examination import Examination
from bncourse.troubleshooting.leaking import leaking
from bncourse.troubleshooting.measured import Measured


def measure(exam: Examination) -> Iterator[Measured]:
    """Return what company changes, for each norm that has no running statistics."""
    return leaking(exam, lambda norm: not norm.tracks and not norm.of_each)
