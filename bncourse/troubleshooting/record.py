"""What the norms met in several passes."""

from collections import defaultdict

from bncourse.troubleshooting.moments import MOST, population, spread_of_batches


class Record:
    """The calls of norms in several passes, by norm and by place.

    Attributes
    ----------
    calls : dict of Norm to (dict of int to list of Call)
        in the order in which the norms were called first; of each norm, its first, second, ... call
        in a pass, one for each batch
    """

    def __init__(self):
        self.calls = defaultdict(lambda: defaultdict(list))

    def add(self, calls):
        """Add what one pass brought."""
        for call in calls:
            self.calls[call.norm][call.place].append(call)

    @property
    def norms(self):
        """The norms that were called."""
        return list(self.calls)

    def of(self, norm):
        """Return all calls of a norm."""
        return [call for calls in self.calls[norm].values() for call in calls]

    def places(self, norm):
        """Return the moments of a norm's first call in each pass, of its second, and so on."""
        return [[call.moments for call in calls] for calls in self.calls[norm].values()]

    def uses_batch(self, norm):
        """Say whether a norm used the statistics of a batch."""
        return any(call.of_batch for call in self.of(norm))

    def batches(self, norm):
        """Return the moments of all calls of a norm that can be judged: more than one value."""
        return [call.moments for call in self.of(norm) if call.moments.pool > 1]

    def population(self, norm):
        """Return the mean and the variance of all that a norm met."""
        return population(self.batches(norm), norm.of_each)

    def spread(self, norm, part=MOST):
        """Return how far one batch's statistics are from those of all, in standard deviations.

        Of a norm that is called in several places, it is that of its quietest. A `part` of the
        channels is no further off.
        """
        places = [[b for b in place if b.pool > 1] for place in self.places(norm)]
        return min(
            spread_of_batches(place, norm.eps, norm.of_each, part) for place in places if place
        )
