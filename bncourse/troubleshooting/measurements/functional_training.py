"""A function that is told to use the statistics of the batch, in evaluation, too."""

from collections.abc import Iterator

from bncourse.troubleshooting.examination import Examination
from bncourse.troubleshooting.leaking import leaking
from bncourse.troubleshooting.measured import Measured


def measure(exam: Examination) -> Iterator[Measured]:
    """Return what company changes, for each call of ``F.batch_norm`` in training."""
    return leaking(exam, lambda norm: norm.module is None)
