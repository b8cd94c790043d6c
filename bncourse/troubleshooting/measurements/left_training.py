"""Norms in training mode inside a model in evaluation mode."""

from bncourse.troubleshooting.leaking import leaking
from bncourse.troubleshooting.norms import obeys


def measure(exam):
    """Return what company changes, for each norm whose own mode is training."""
    return leaking(exam, lambda norm: norm.module is not None and obeys(norm.module))
