"""Inputs of another scale in evaluation: a normalisation that is missing, or made twice."""

from bncourse.troubleshooting.measured import above
from bncourse.troubleshooting.moments import population


def measure(exam):
    """Return by how much the spread of the inputs differs between the loaders, as a ratio >= 1."""
    if not exam.given or not exam.given_other:
        return
    (mean, var), (other_mean, other_var) = map(population, (exam.given, exam.given_other))
    varying = (var > 0) & (other_var > 0)
    if mean.shape == other_mean.shape and varying.any():
        ratio = float((other_var[varying] / var[varying]).sqrt().median())
        yield above("", max(ratio, 1 / ratio), 2.0, **_facts(var, other_var, mean, other_mean))


def _facts(var, other_var, mean, other_mean):
    return {
        "std": float(var.sqrt().median()),
        "other_std": float(other_var.sqrt().median()),
        "mean": float(mean.median()),
        "other_mean": float(other_mean.median()),
    }
