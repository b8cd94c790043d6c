"""A norm that is given what it should make: it was folded into the layer before, and stayed."""

from collections.abc import Iterator

from bncourse.troubleshooting.examination import Examination
from bncourse.troubleshooting.measured import Measured, below
from bncourse.troubleshooting.moments import distance

NEAR = 0.15  # standard deviations: as near as running averages come to what they average


def measure(exam: Examination) -> Iterator[Measured]:
    """Return how far each norm's inputs are from having its own β as mean, its own γ as spread."""
    for norm, fit in exam.fits.items():
        if norm.weight is not None and norm.bias is not None:
            mean, var = exam.quiet.population(norm)
            gamma, beta = (part.detach().cpu().double() for part in (norm.weight, norm.bias))
            value = distance(mean, var, beta, gamma.square(), norm.eps)
            yield below(norm.name, value, NEAR, fit.bad, weighs=fit.weight, off=fit.off)
