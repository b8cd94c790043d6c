"""Running statistics that still hold a part of what they started with."""

from collections.abc import Iterator

from bncourse.troubleshooting.examination import Examination
from bncourse.troubleshooting.measured import Measured, above
from bncourse.troubleshooting.moments import distance

LEFT = 0.05  # of the start, which is forgiven
TINY = 1e-300


def measure(exam: Examination) -> Iterator[Measured]:
    """Return the part that the start has in the running variance after all updates.

    The start, 1, has the weight w = (1 - m)^n; in a small running variance that may be most of it.
    It is the cause if the statistics without it, running mean / (1 - w) and (running variance - w)
    / (1 - w), are less than half as far off.
    """
    for norm, fit in exam.fits.items():
        if norm.momentum and norm.updates:  # a norm of one's own may not count
            start = (1 - norm.momentum) ** norm.updates
            _, var = norm.running
            part = min(1.0, start / max(min(1.0, float(var.median())), TINY))
            explains = fit.bad and _off_without(exam, norm, start) < fit.off / 2
            facts = {"momentum": norm.momentum, "updates": norm.updates, "off": fit.off}
            yield above(norm.name, part, LEFT, explains, weighs=fit.weight, **facts)


def _off_without(exam, norm, start):
    """Return how far the statistics would be off without the start."""
    mean, var = exam.quiet.population(norm)
    rest = max(1 - start, TINY)
    without = (norm.var - start).clamp_min(0) / rest
    return distance(mean, var, norm.mean / rest, without, norm.eps)
