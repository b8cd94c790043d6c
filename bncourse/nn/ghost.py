"""Ghost batch norm: a batch of training is normalized in parts, as if each were a batch."""

import torch
from torch import Tensor
from torch.types import Device

from bncourse.nn.batch import BatchNorm
from bncourse.nn.checks import InputError, check_whole


class GhostBatchNorm(BatchNorm):
    """Normalize each channel over parts of the batch, the ghost batches.

    In training mode, the batch is split along its samples into ghost batches, and batch norm is
    applied to one after the other: also the running statistics move once for each. In evaluation
    mode it is batch norm. So a large batch can be trained with the noise of small ones.
    Hoffer et al. (2017), algorithm 1, https://arxiv.org/abs/1705.08741.

    Parameters
    ----------
    num_features : int
        C, the number of channels
    ghost_size : int
        samples in a ghost batch; the last one is smaller where the batch is no multiple of it
    eps : float
        added to the variance; unit: x squared
    momentum : float or None
        weight of each ghost batch in the running statistics; None for their cumulative average
    affine : bool
        whether there is a ``weight``
    track_running_stats : bool
        whether there are running statistics; without them, evaluation mode uses ghost batches, too
    device, dtype : optional
        of parameters and running statistics
    bias : bool
        whether there is a ``bias`` beside the ``weight``

    Attributes
    ----------
    weight, bias : Parameter, (C,), or None
        start at 1 and 0; unit: y
    running_mean, running_var : Tensor, (C,), or None
        start at 0 and 1; units: x, x squared
    num_batches_tracked : Tensor, int64, or None
        ghost batches seen in training mode
    """

    _input_dims = (2, 3, 4, 5)

    def __init__(
        self,
        num_features: int,
        ghost_size: int,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
        device: Device = None,
        dtype: torch.dtype | None = None,
        *,
        bias: bool = True,
    ) -> None:
        check_whole("ghost_size", ghost_size)
        if ghost_size < 1:
            raise InputError(f"ghost_size must be at least 1, got {ghost_size}: pass 16 or 32")
        super().__init__(
            num_features, eps, momentum, affine, track_running_stats, device, dtype, bias=bias
        )
        self.ghost_size = ghost_size

    def forward(self, input: Tensor) -> Tensor:
        """Normalize ``input``, (N, C, ``*S``), part by part in training mode."""
        if not self.training and self.track_running_stats:
            return super().forward(input)
        normalize = super().forward
        return torch.cat([normalize(ghost) for ghost in input.split(self.ghost_size)])

    def extra_repr(self) -> str:
        """Return the arguments of the constructor, as ``torch.nn`` shows them."""
        features, rest = super().extra_repr().split(", ", 1)
        return f"{features}, ghost_size={self.ghost_size}, {rest}"
