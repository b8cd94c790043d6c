"""Norms in evaluation mode inside a model in training, whose parameters are trained."""

from collections.abc import Iterator

from bncourse.troubleshooting.examination import Examination
from bncourse.troubleshooting.measured import Measured, above


def measure(exam: Examination) -> Iterator[Measured]:
    """Count the trainable parameters of each norm that rests while the model trains."""
    if not exam.patient.found_training:
        return
    for norm in exam.training.norms:
        if norm.module is not None and norm.tracks and not exam.training.uses_batch(norm):
            own = norm.module.parameters(recurse=False)
            count = sum(p.numel() for p in own if p.requires_grad)
            yield above(norm.name, count, 0, certain=False)
