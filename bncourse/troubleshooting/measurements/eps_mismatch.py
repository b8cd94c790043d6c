"""Another ε than the one the network was trained with."""

from collections.abc import Iterator

from bncourse.troubleshooting.examination import Examination
from bncourse.troubleshooting.measured import Measured, above


def measure(exam: Examination) -> Iterator[Measured]:
    """Return by how much another ε changes the scale of each norm's outputs; the median."""
    for norm, other in exam.beside.norms:
        _, var = norm.running
        ratio = ((var + other.eps) / (var + norm.eps)).sqrt()
        value = float((ratio - 1).abs().median())
        yield above(norm.name, value, 0.01, norm.eps != other.eps, eps=norm.eps, other=other.eps)
