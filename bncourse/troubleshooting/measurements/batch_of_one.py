"""Pools of a single value."""

from collections.abc import Iterator

from bncourse.troubleshooting.examination import Examination
from bncourse.troubleshooting.measured import Measured, below


def measure(exam: Examination) -> Iterator[Measured]:
    """Return the fewest values that a norm has for a channel of one batch, in training."""
    for norm in exam.training.norms:
        calls = [call for call in exam.training.of(norm) if call.of_batch]
        if calls:
            fewest = min(call.moments.pool for call in calls)
            count = sum(call.moments.pool < 2 for call in calls)
            yield below(norm.name, fewest, 2, weighs=float("inf"), count=count, batches=len(calls))
