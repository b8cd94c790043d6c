"""A model that was given in training mode: right in one place, wrong in another."""

from collections.abc import Iterator

from bncourse.troubleshooting.examination import Examination
from bncourse.troubleshooting.leaking import LIMIT
from bncourse.troubleshooting.measured import Measured, above


def measure(exam: Examination) -> Iterator[Measured]:
    """Return what company changes in training, if the model came like this and no more is known."""
    known = exam.evaluate is not None or not exam.patient.found_training
    if not known and exam.company_in_training is not None:
        yield above("", exam.company_in_training.change, LIMIT, certain=False)
