"""Variances too small for float16, which are stored as 0."""

from collections.abc import Iterator

import torch

from bncourse.troubleshooting.examination import Examination
from bncourse.troubleshooting.measured import Measured, above


def measure(exam: Examination) -> Iterator[Measured]:
    """Count the channels of norms in float16 that vary by more than ε, and whose variance is 0."""
    for norm in exam.evaluation.norms:
        if norm.tracks and norm.dtype == torch.float16:
            var = exam.evaluation.population(norm)[1]
            yield above(
                norm.name, int(((norm.var == 0) & (var > norm.eps)).sum()), 0, channels=len(var)
            )
