"""What the norms met in several passes."""

from collections import defaultdict
from collections.abc import Iterable

import torch

from bncourse.troubleshooting.moments import MOST, Moments, population, spread_of_batches
from bncourse.troubleshooting.norms import Norm
from bncourse.troubleshooting.watching import Call


class Record:
    """The calls of norms in several passes, by norm and by place.

    Attributes
    ----------
    calls : dict of Norm to (dict of int to list of Call)
        in the order in which the norms were called first; of each norm, its first, second, ... call
        in a pass, one for each batch
    """

    calls: dict[Norm, dict[int, list[Call]]]

    def __init__(self) -> None:
        self.calls = defaultdict(lambda: defaultdict(list))

    def add(self, calls: Iterable[Call]) -> None:
        """Add what one pass brought."""
        for call in calls:
            self.calls[call.norm][call.place].append(call)

    @property
    def norms(self) -> list[Norm]:
        """The norms that were called."""
        return list(self.calls)

    def of(self, norm: Norm) -> list[Call]:
        """Return all calls of a norm."""
        return [call for calls in self.calls[norm].values() for call in calls]

    def places(self, norm: Norm) -> list[list[Moments]]:
        """Return the moments of a norm's first call in each pass, of its second, and so on."""
        return [[call.moments for call in calls] for calls in self.calls[norm].values()]

    def uses_batch(self, norm: Norm) -> bool:
        """Say whether a norm used the statistics of a batch."""
        return any(call.of_batch for call in self.of(norm))

    def batches(self, norm: Norm) -> list[Moments]:
        """Return the moments of all calls of a norm that can be judged: more than one value."""
        return [call.moments for call in self.of(norm) if call.moments.pool > 1]

    def population(self, norm: Norm) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the mean and the variance of all that a norm met."""
        return population(self.batches(norm), norm.of_each)

    def spread(self, norm: Norm, part: float = MOST) -> float:
        """Return how far one batch's statistics are from those of all, in standard deviations.

        Of a norm that is called in several places, it is that of its quietest. A `part` of the
        channels is no further off.
        """
        places = [[b for b in place if b.pool > 1] for place in self.places(norm)]
        return min(
            spread_of_batches(place, norm.eps, norm.of_each, part) for place in places if place
        )
