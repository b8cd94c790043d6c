"""What may stand in the place of a norm, in the form that ``Transformer`` takes."""

import torch
from torch import Tensor, nn

from bncourse.experiments.layers import Norm


class DynamicTanh(Norm):
    r"""In place of a norm: :math:`\gamma \tanh(\alpha x) + \beta`, each number by itself.

    Zhu et al. (2025), "Transformers without normalization", section 4, with one learned alpha for
    each layer, 0.5 at the start.

    Parameters
    ----------
    members, channels : int
        as ``Transformer`` hands them to a factory
    """

    def __init__(self, members: int, channels: int) -> None:
        super().__init__(members, channels, eps=0.0)
        self.alpha = nn.Parameter(torch.full((members, 1), 0.5))

    def forward(self, x: Tensor) -> Tensor:
        """Return (N, E, C) for (N, E, C)."""
        return torch.addcmul(self.bias, torch.tanh(self.alpha * x), self.weight)
