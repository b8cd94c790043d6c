"""Numbers beyond what float16 can hold."""

from collections.abc import Iterator
from math import inf

import torch

from bncourse.troubleshooting.examination import Examination
from bncourse.troubleshooting.measured import Measured

LARGEST = torch.finfo(torch.float16).max


def measure(exam: Examination) -> Iterator[Measured]:
    """Return the largest magnitude that each norm in float16 meets or keeps."""
    for norm in exam.evaluation.norms:
        calls = exam.evaluation.of(norm) + exam.training.of(norm)
        values = [call.moments.largest for call in calls if call.dtype == torch.float16]
        if norm.tracks and norm.dtype == torch.float16:
            values += [float(part.abs().max()) for part in norm.running]
        if values:
            largest = float(torch.tensor(values, dtype=torch.float64).nan_to_num(inf).max())
            yield Measured(norm.name, largest, LARGEST, largest >= LARGEST)
