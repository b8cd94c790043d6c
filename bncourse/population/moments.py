"""Mean and variance of each channel over batches that come one after the other."""

from dataclasses import dataclass
from typing import Self

import torch


@dataclass(frozen=True)
class Moments:
    """How many values each channel has, their mean, and their biased variance.

    Parameters
    ----------
    count : int
        values of each channel
    mean : Tensor, (C,), float64
        unit: x
    var : Tensor, (C,), float64
        mean of ``(x - mean)**2``; unit: x squared
    """

    count: int
    mean: torch.Tensor
    var: torch.Tensor

    @classmethod
    def of(cls, x: torch.Tensor) -> Self:
        """Return the moments of each channel of ``x``, (N, C, ``*S``).

        They are computed in float64, and are of the device of ``x``.
        """
        values = x.detach().to(torch.float64).movedim(1, 0).flatten(1)
        count = values.shape[1]
        if count == 0:
            return cls(0, *values.new_zeros(2, len(values)))
        var, mean = torch.var_mean(values, 1, correction=0)
        return cls(count, mean, var)

    def merged(self, other: "Moments") -> "Moments":
        """Return the moments of both together: up to rounding, those of one batch.

        With the shares ``a`` and ``b`` of the two counts, and ``delta`` between the two means::

            mean = mean_a + b * delta
            var = a * var_a + b * var_b + a * b * delta**2

        the variance within the two, and the variance between them. Chan, Golub & LeVeque (1979).
        """
        count = self.count + other.count
        share = other.count / count if count else 0.0
        delta = other.mean - self.mean
        within = (1 - share) * self.var + share * other.var
        return Moments(count, self.mean + share * delta, within + share * (1 - share) * delta**2)

    @property
    def unbiased_var(self) -> torch.Tensor:
        """The variance divided by ``count - 1`` in place of ``count``; unit: x squared."""
        if self.count < 2:
            raise ValueError(
                f"the unbiased variance divides by count - 1, got count {self.count}: the loader "
                "must give each channel at least 2 values"
            )
        return self.var * (self.count / (self.count - 1))
