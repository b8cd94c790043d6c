"""What training has moved in a small network with one batch norm."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import torch


@dataclass(frozen=True)
class Moved:
    """What is no longer as it was: a row of a table.

    Parameters
    ----------
    measure : str
        what was done to the batch norm before the training
    statistics, gamma, beta : bool
        of the batch norm, whether they moved
    weights : bool
        whether those of the other layers did
    """

    measure: str
    statistics: bool
    gamma: bool
    beta: bool
    weights: bool

    @classmethod
    def between(
        cls, measure: str, before: Mapping[str, torch.Tensor], after: Mapping[str, torch.Tensor]
    ) -> Self:
        """Return what differs between two states.

        Parameters
        ----------
        measure : str
            what was done
        before, after : dict of str to Tensor
            ``gamma``, ``beta``, and others that begin with ``statistics`` or ``weights``
        """
        names = {name for name, value in before.items() if not value.equal(after[name])}
        kinds = ("statistics", "gamma", "beta", "weights")
        return cls(measure, *(any(name.startswith(kind) for name in names) for kind in kinds))
