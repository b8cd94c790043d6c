"""Norms in training mode inside a model in evaluation mode."""

from collections.abc import Iterator

from bncourse.troubleshooting.examination import Examination
from bncourse.troubleshooting.leaking import leaking
from bncourse.troubleshooting.measured import Measured
from bncourse.troubleshooting.norms import obeys


def measure(exam: Examination) -> Iterator[Measured]:
    """Return what company changes, for each norm whose own mode is training."""
    return leaking(exam, lambda norm: norm.module is not None and obeys(norm.module))
