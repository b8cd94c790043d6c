"""The numbers of a trained batch norm, without a library."""

from dataclasses import dataclass

import torch


@dataclass(frozen=True)
class Numbers:
    """What a batch norm has learned and stored, and how.

    Parameters
    ----------
    gamma, beta : Tensor, (C,), or None
        unit: y
    mean, var : Tensor, (C,)
        running statistics; units: x, x squared
    eps : float
        added to the variance; unit: x squared
    update_rate : float or None
        weight of the new batch in the running statistics; None for their cumulative average
    """

    gamma: torch.Tensor | None
    beta: torch.Tensor | None
    mean: torch.Tensor
    var: torch.Tensor
    eps: float
    update_rate: float | None

    @torch.no_grad()
    def copy_to(
        self,
        gamma: torch.Tensor | None,
        beta: torch.Tensor | None,
        mean: torch.Tensor,
        var: torch.Tensor,
    ) -> None:
        """Copy the tensors into others; where there is no gamma, it is 1, and beta is 0."""
        mean.copy_(self.mean)
        var.copy_(self.var)
        for into, values, start in ((gamma, self.gamma, 1.0), (beta, self.beta, 0.0)):
            if into is not None:
                into.copy_(torch.full_like(into, start) if values is None else values)
