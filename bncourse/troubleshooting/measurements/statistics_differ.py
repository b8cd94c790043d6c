"""The same weights, and other running statistics: buffers are no parameters."""

from collections.abc import Iterator

from bncourse.troubleshooting.beside import SAME
from bncourse.troubleshooting.examination import Examination
from bncourse.troubleshooting.measured import Measured, above
from bncourse.troubleshooting.moments import distance


def measure(exam: Examination) -> Iterator[Measured]:
    """Return how far each norm's running statistics are from the reference's."""
    for norm, other in exam.beside.norms:
        value = distance(*norm.running, *other.running, other.eps)
        yield above(norm.name, value, SAME, _same_affine(norm, other))


def _same_affine(norm, other):
    pairs = (norm.weight, other.weight), (norm.bias, other.bias)
    return all(_same(a, b) for a, b in pairs)


def _same(a, b):
    if a is None or b is None:
        return a is b
    a, b = (part.detach().cpu().double() for part in (a, b))
    return a.shape == b.shape and a.allclose(b, rtol=SAME, atol=SAME)
