"""A layer that makes infinity, or what is no number, out of numbers."""

import torch

from bncourse.troubleshooting.examination import Examination
from bncourse.troubleshooting.measured import Measured, above


def measure(exam: Examination) -> list[Measured]:
    """Count what is not finite in what the first module makes of finite numbers, if any does."""
    for batch, training in exam.not_finite:
        bad = [s for s in _steps(exam, batch, training) if _bad(s.made) and not _bad(s.given)]
        if bad:
            return [above(bad[0].name, _bad(bad[0].made), 0)]
    return [above("", len(exam.not_finite), 0)]


def _steps(exam, batch, training):
    exam.patient.run(batch, training, dropout=False, steps=True)
    return exam.patient.watch.steps


def _bad(tensors):
    return sum(int((~torch.isfinite(x)).sum()) for x in tensors)
