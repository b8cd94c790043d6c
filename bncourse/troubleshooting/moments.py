"""Mean and variance of a batch and of all batches, and how far statistics are from each other."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch

KEEP_AXES = 2  # samples and channels come first
TINY = 1e-12
MOST = 0.75  # of the channels
MOST_VALUES = 2**22  # of more, evenly spaced positions are taken: 64 bits need memory


@dataclass(frozen=True)
class Moments:
    """What one batch is like where it is normalized.

    Attributes
    ----------
    pool : int
        values a channel that share one mean: samples times positions
    samples : int
        N
    mean, var : Tensor, (C,), float64
        over the pool; the variance is biased
    between : Tensor, (C,), float64
        the unbiased variance of the samples' own means: with the batch mean, it tells whether
        batches are as different as chance makes them
    apart : float
        how far the samples' own means and deviations are from those of all, the median over samples
        and channels; unit: standard deviations
    largest : float
        the largest magnitude
    """

    pool: int
    samples: int
    mean: torch.Tensor
    var: torch.Tensor
    between: torch.Tensor
    apart: float
    largest: float

    @property
    def unbiased_var(self) -> torch.Tensor:
        """The variance that batch norm averages."""
        return self.var * self.pool / max(self.pool - 1, 1)


def moments(x: torch.Tensor, of_each: bool = False) -> Moments:
    """Return the `Moments` of a batch, (N, C, *S).

    With `of_each`, as in instance norm, the pool is S, and the moments are means over the samples.
    """
    x = x.detach()
    x = x.unsqueeze(2) if x.dim() == KEEP_AXES else x.flatten(2)
    pool = x.shape[2] * (1 if of_each else len(x))
    x = x[..., :: 1 + x.numel() // MOST_VALUES]
    x = (x.cpu() if x.device.type == "mps" else x).double()  # mps has no 64 bits
    own, own_var = x.mean(2), x.var(2, correction=0)
    mean = own.mean(0)
    var = own_var.mean(0) if of_each else (x - mean[:, None]).square().mean((0, 2))
    between = own.var(0) if len(x) > 1 else torch.zeros_like(mean)
    largest = float(x.abs().max()) if x.numel() else 0.0
    apart = _apart(own, own_var, mean, var)
    return Moments(pool, len(x), mean.cpu(), var.cpu(), between.cpu(), apart, largest)


def _apart(own, own_var, mean, var):
    """Return how far the samples' own moments, (N, C), are from those of all."""
    std = var.sqrt().clamp_min(TINY)
    off = ((own - mean) / std).square() + (own_var.sqrt() / std - 1).square()
    return float(off.sqrt().median()) if off.numel() else 0.0


def population(
    batches: Sequence[Moments], of_each: bool = False
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the mean and the variance of all values of several batches together.

    The variance is that within the batches, each unbiased, and that of their means, unless it is
    `of_each` sample by itself.
    """
    weights = torch.tensor([float(b.pool) for b in batches], dtype=torch.float64)
    weights = (weights / weights.sum())[:, None]
    means = torch.stack([b.mean for b in batches])
    mean = (weights * means).sum(0)
    if of_each:
        return mean, (weights * torch.stack([b.unbiased_var for b in batches])).sum(0)
    values = sum(b.pool for b in batches)
    square = (weights * (torch.stack([b.var for b in batches]) + (means - mean).square())).sum(0)
    return mean, square * values / max(values - 1, 1)


def distance(
    mean: torch.Tensor,
    var: torch.Tensor,
    to_mean: torch.Tensor,
    to_var: torch.Tensor,
    eps: float,
    part: float = MOST,
) -> float:
    """Return how far values of one mean and variance are from standardized, with another's.

    ``sqrt(m**2 + (s - 1)**2)``, where values with `mean` and `var`, standardized with `to_mean` and
    `to_var`, have the mean m and the standard deviation s in place of 0 and 1. Three channels of
    four are no further off than the number returned: an odd channel raises no alarm, and a quarter
    of wrong ones does. Channels that do not vary are left out, unless none does.

    Parameters
    ----------
    mean, var : Tensor, (C,)
        of the values
    to_mean, to_var : Tensor, (C,)
        what they are standardized with
    eps : float
        added to the variances
    part : float
        of the channels that is no further off; 0.5 is a typical channel

    Returns
    -------
    float
        unit: standard deviations
    """
    std = (to_var + eps).sqrt()
    off = ((mean - to_mean) / std).square() + (((var + eps).sqrt() / std) - 1).square()
    varying = var > eps
    return float((off[varying] if varying.any() else off).sqrt().quantile(part))


def spread_of_batches(
    batches: Sequence[Moments], eps: float, of_each: bool = False, part: float = MOST
) -> float:
    """Return how far one batch's own statistics are from those of all, the median over batches.

    Unit: standard deviations; `part` as in `distance`.
    """
    mean, var = population(batches, of_each)
    own = [distance(mean, var, b.mean, b.unbiased_var, eps, part) for b in batches]
    return float(torch.tensor(own).median())
