"""Pools so small that each batch has statistics of its own."""

from collections.abc import Iterator

from bncourse.troubleshooting.examination import Examination
from bncourse.troubleshooting.measured import Measured, above

TYPICAL = 0.5  # half of the channels are no further off


def measure(exam: Examination) -> Iterator[Measured]:
    """Return how far a batch's own statistics are from those of all, in standard deviations."""
    for norm in exam.quiet.norms:
        batches = exam.quiet.batches(norm)
        if exam.quiet.uses_batch(norm) and len(batches) > 1:
            pool = sorted(batch.pool for batch in batches)[len(batches) // 2]
            yield above(norm.name, exam.quiet.spread(norm, TYPICAL), 0.4, pool=pool)
