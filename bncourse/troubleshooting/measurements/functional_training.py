"""A function that is told to use the statistics of the batch, in evaluation, too."""

from bncourse.troubleshooting.leaking import leaking


def measure(exam):
    """Return what company changes, for each call of ``F.batch_norm`` in training."""
    return leaking(exam, lambda norm: norm.module is None)
