"""Instance norm with running statistics: one average in the place of each sample's own."""

from collections.abc import Iterator

from bncourse.troubleshooting.examination import Examination
from bncourse.troubleshooting.measured import Measured, above


def measure(exam: Examination) -> Iterator[Measured]:
    """Return how far the samples' own statistics are from the average, the median over samples."""
    for norm in exam.fits:
        if norm.of_each:
            apart = sorted(batch.apart for batch in exam.quiet.batches(norm))
            yield above(norm.name, apart[len(apart) // 2], 0.5)
