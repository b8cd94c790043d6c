"""One norm in two places: one running average for two distributions."""

from collections.abc import Iterator
from itertools import combinations

from bncourse.troubleshooting.examination import Examination
from bncourse.troubleshooting.fit import QUARTER
from bncourse.troubleshooting.measured import Measured, above
from bncourse.troubleshooting.moments import distance, population


def measure(exam: Examination) -> Iterator[Measured]:
    """Return how far what a norm meets at one of its places is from what it meets at another."""
    for norm in exam.fits:
        places = [[b for b in place if b.pool > 1] for place in exam.quiet.places(norm)]
        met = [population(place, norm.of_each) for place in places if place]
        if len(met) > 1:
            apart = max(distance(*a, *b, norm.eps) for a, b in combinations(met, 2))
            off = max(distance(*a, *norm.running, norm.eps) for a in met)
            yield above(
                norm.name, apart, 0.5, off > QUARTER, weighs=off / QUARTER, calls=len(met), off=off
            )
