"""Anything else that mixes the samples of a batch."""

from collections.abc import Iterator

from bncourse.troubleshooting.examination import Examination
from bncourse.troubleshooting.leaking import LIMIT
from bncourse.troubleshooting.measured import Measured, above


def measure(exam: Examination) -> Iterator[Measured]:
    """Return what company changes, for each module that makes it matter and calls no norm."""
    if exam.company is None:
        return
    known = {norm.name.partition(": ")[0] for norm in exam.evaluation.norms}
    for name in exam.company.culprits:
        if name not in known:
            kind = type(exam.patient.names[name]).__name__
            yield above(name, exam.company.change, LIMIT, kind=kind)
