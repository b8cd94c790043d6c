"""Norms in a plain list, which ``eval()`` does not reach."""

from collections.abc import Iterator

from bncourse.troubleshooting.examination import Examination
from bncourse.troubleshooting.leaking import leaking
from bncourse.troubleshooting.measured import Measured


def measure(exam: Examination) -> Iterator[Measured]:
    """Return what company changes, for each norm that ``model.modules()`` does not find."""
    return leaking(exam, lambda norm: norm.name in exam.patient.hidden)
