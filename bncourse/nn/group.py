"""Group normalization as a layer: one mean and variance for each group of channels of a sample."""

import torch
from torch import Tensor
from torch.types import Device

from bncourse.nn.affine import AffineNorm
from bncourse.nn.checks import check_groups, check_size
from bncourse.nn.functional import group_norm


class GroupNorm(AffineNorm):
    """Normalize each sample over groups of neighbouring channels and their positions.

    ``y = weight * (x - mean) / sqrt(var + eps) + bias``, with mean and biased variance over each
    group of a sample, in both modes. Wu & He (2018), https://arxiv.org/abs/1803.08494.

    A drop-in for ``torch.nn.GroupNorm``; `bncourse.nn.functional` lists what differs.

    Parameters
    ----------
    num_groups : int
        G, a divisor of ``num_channels``
    num_channels : int
        C, the number of channels
    eps : float
        added to the variance; unit: x squared
    affine : bool
        whether there is a ``weight``
    device, dtype : optional
        of the parameters
    bias : bool
        whether there is a ``bias`` beside the ``weight``

    Attributes
    ----------
    weight, bias : Parameter, (C,), or None
        start at 1 and 0; unit: y
    """

    def __init__(
        self,
        num_groups: int,
        num_channels: int,
        eps: float = 1e-5,
        affine: bool = True,
        device: Device = None,
        dtype: torch.dtype | None = None,
        *,
        bias: bool = True,
    ) -> None:
        check_size("num_channels", num_channels)
        check_groups(num_groups, num_channels)
        super().__init__(num_channels, device, dtype, weight=affine, bias=affine and bias)
        self.num_groups = num_groups
        self.num_channels = num_channels
        self.eps = eps
        self.affine = affine
        self.reset_parameters()

    def forward(self, input: Tensor) -> Tensor:
        """Normalize ``input``, ``(N, C, *S)``."""
        return group_norm(input, self.num_groups, self.weight, self.bias, self.eps)

    def extra_repr(self) -> str:
        """Return the arguments of the constructor, as ``torch.nn`` shows them."""
        return (
            f"{self.num_groups}, {self.num_channels}, eps={self.eps}, affine={self.affine}, "
            f"bias={self.bias is not None}"
        )
