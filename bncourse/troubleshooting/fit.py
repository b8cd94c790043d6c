"""How well running statistics fit what a norm meets."""

from dataclasses import dataclass
from typing import Self

from bncourse.troubleshooting.moments import distance
from bncourse.troubleshooting.norms import Norm
from bncourse.troubleshooting.record import Record

QUARTER = 0.25  # of a standard deviation: what is smaller changes few answers


@dataclass(frozen=True)
class Fit:
    """How far a norm's running statistics are from those of all that it meets.

    Attributes
    ----------
    off : float
        the distance; unit: standard deviations
    spread : float
        how far the statistics of a single batch are, the median over the batches
    """

    off: float
    spread: float

    @classmethod
    def of(cls, record: Record, norm: Norm) -> Self:
        """Return how a norm's statistics fit what a record has of it."""
        mean, var = record.population(norm)
        return cls(distance(mean, var, *norm.running, norm.eps), record.spread(norm))

    @property
    def limit(self) -> float:
        """The distance that is too far.

        A network is trained with the statistics of batches, and bears their noise: running ones,
        which average over batches, must be nearer than a batch's own. Where batches are large, a
        quarter of a standard deviation is borne.
        """
        return max(QUARTER, self.spread)

    @property
    def bad(self) -> bool:
        """Whether they are too far off."""
        return not self.off <= self.limit

    @property
    def weight(self) -> float:
        """How many times the limit they are off."""
        return self.off / self.limit
