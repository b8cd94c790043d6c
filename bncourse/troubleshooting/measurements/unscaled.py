"""Inputs of another scale in evaluation: a normalization that is missing, or made twice."""

from collections.abc import Iterator

from bncourse.troubleshooting.examination import Examination
from bncourse.troubleshooting.measured import Measured, above
from bncourse.troubleshooting.moments import population


def measure(exam: Examination) -> Iterator[Measured]:
    """Return by how much the spread of the inputs differs between the loaders, as a ratio >= 1."""
    if not exam.given or not exam.given_other:
        return
    (mean, var), (other_mean, other_var) = map(population, (exam.given, exam.given_other))
    varying = (var > 0) & (other_var > 0)
    if mean.shape == other_mean.shape and varying.any():
        ratio = float((other_var[varying] / var[varying]).sqrt().median())
        yield above("", max(ratio, 1 / ratio), 2.0, **_facts(var, other_var, mean, other_mean))


def _facts(var, other_var, mean, other_mean):
    """Return mean and deviation in the middle of the channels; a mean that is rounding is 0."""
    facts = {}
    for name, means, variances in (("", mean, var), ("other_", other_mean, other_var)):
        middle, std = float(means.median()), float(variances.sqrt().median())
        facts |= {f"{name}mean": middle if abs(middle) > 1e-4 * std else 0.0, f"{name}std": std}
    return facts
