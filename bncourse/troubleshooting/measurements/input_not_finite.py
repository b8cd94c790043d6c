"""Numbers among the inputs that are none: they spoil each statistic they enter."""

from math import isfinite

from bncourse.troubleshooting.examination import Examination
from bncourse.troubleshooting.measured import Measured, above


def measure(exam: Examination) -> list[Measured]:
    """Count the batches that hold infinity or what is no number."""
    given = exam.given + exam.given_other
    bad = sum(not isfinite(batch.largest) for batch in given)
    return [above("", bad, 0, batches=len(given))] if given else []
