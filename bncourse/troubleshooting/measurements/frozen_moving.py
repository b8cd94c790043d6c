"""Norms whose parameters are frozen, and whose running statistics move."""

from collections.abc import Iterator

from bncourse.troubleshooting.examination import Examination
from bncourse.troubleshooting.measured import Measured, above
from bncourse.troubleshooting.moments import distance
from bncourse.troubleshooting.norms import norm_of
from bncourse.troubleshooting.patient import SingleValueError


def measure(exam: Examination) -> Iterator[Measured]:
    """Return how far a few batches in training move the statistics of each frozen norm."""
    if not exam.patient.found_training:
        return
    frozen = [norm for norm in exam.patient.norms.values() if _is_frozen(exam, norm)]
    for norm, (mean, var) in _after_training(exam, frozen).items():
        value = distance(mean, var, norm.mean, norm.var, norm.eps)
        moved = not (mean.equal(norm.mean) and var.equal(norm.var))
        yield above(norm.name, value, 0, only_if=moved, batches=len(exam.batches))


def _is_frozen(exam, norm):
    return norm.tracks and norm in exam.training.norms and exam.patient.is_frozen(norm)


def _after_training(exam, norms):
    """Return the running statistics of norms after a pass over the first batches."""
    for k, batch in enumerate(exam.batches):
        try:
            exam.patient.run(batch, training=True, renew=k == 0)
        except SingleValueError:
            continue
    return {norm: norm_of(norm.name, norm.module).running for norm in norms}
