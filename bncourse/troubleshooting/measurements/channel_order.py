"""Colours in another order: red, green, blue in training, and blue, green, red in evaluation."""

from collections.abc import Iterator
from itertools import permutations

from bncourse.troubleshooting.examination import Examination
from bncourse.troubleshooting.measured import Measured, above
from bncourse.troubleshooting.moments import population

MOST = 4  # channels: of more, an order is no matter of chance any more


def measure(exam: Examination) -> Iterator[Measured]:
    """Return how many times nearer the inputs of both loaders are in another order of channels."""
    if not exam.given or not exam.given_other:
        return
    one, other = map(population, (exam.given, exam.given_other))
    channels = len(one[0])
    if not 2 <= channels <= MOST or len(other[0]) != channels:
        return
    apart = {order: _apart(one, other, list(order)) for order in permutations(range(channels))}
    best = min(apart, key=apart.__getitem__)
    as_given = apart[tuple(range(channels))]
    times = as_given / max(apart[best], 1e-9)
    order = ", ".join(map(str, best))
    yield above("", times, 3.0, as_given > 0.1, order=order)


def _apart(one, other, order):
    """Return how far two populations are from each other, the mean over the channels."""
    (mean, var), (other_mean, other_var) = one, other
    std = (var + 1e-12).sqrt()
    off = ((other_mean[order] - mean) / std).square() + (
        (other_var[order].sqrt() / std - 1).square()
    )
    return float(off.sqrt().mean())
