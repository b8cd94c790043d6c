"""Batches that differ more than chance makes them: sorted by class, or each from one source."""

from collections.abc import Iterator, Sequence

import torch

from bncourse.troubleshooting.examination import Examination
from bncourse.troubleshooting.measured import Measured, above
from bncourse.troubleshooting.moments import Moments

FEWEST = 4  # batches that tell anything
FELT = 0.1  # standard deviations: what sorting must add to the means of batches for it to matter


def measure(exam: Examination) -> Iterator[Measured]:
    """Return how different the batches are that reach the first norm, in units of chance.

    It is the F statistic of the samples' means: their variance between the batches, times the size
    of a batch, over their variance within. Of k batches drawn at random it is about 1, and its
    standard deviation at most sqrt(2 / (k - 1)), as if all channels were one; five of these are
    beyond chance.
    """
    for norm in exam.quiet.norms[:1]:
        batches = [b for b in exam.quiet.places(norm)[0] if b.samples > 1]
        if len(batches) >= FEWEST:
            value, limit = ratio(batches), 1 + 5 * (2 / (len(batches) - 1)) ** 0.5
            added = (max(value - 1, 0) * len(batches) / sum(b.samples for b in batches)) ** 0.5
            facts = {"batches": len(batches), "added": added}
            yield above(norm.name, value, limit, added > FELT, **facts)


def ratio(batches: Sequence[Moments]) -> float:
    """Return the F statistic, of all channels together."""
    sizes = torch.tensor([float(b.samples) for b in batches], dtype=torch.float64)[:, None]
    means = torch.stack([b.mean for b in batches])
    middle = (sizes * means).sum(0) / sizes.sum()
    between = (sizes * (means - middle).square()).sum(0) / (len(batches) - 1)
    within = torch.stack([b.between * (b.samples - 1) for b in batches]).sum(0)
    within = within / (sizes - 1).sum()
    return float(between.sum() / within.sum().clamp_min(1e-300))
