"""What batch norm and instance norm share: running statistics, and how they are stored."""

import torch
from torch import Tensor
from torch.types import Device

from bncourse.nn.affine import AffineNorm
from bncourse.nn.checks import check_size


class ChannelNorm(AffineNorm):
    """A norm with one weight and bias, and one running mean and variance, for each channel.

    Parameters
    ----------
    num_features : int
        C, the number of channels
    eps : float
        added to the variance; unit: x squared
    momentum : float or None
        weight of the new batch in the running statistics; None for their cumulative average
    affine : bool
        whether there is a ``weight``
    track_running_stats : bool
        whether there are running statistics
    device, dtype : optional
        of parameters and running statistics
    bias : bool
        whether there is a ``bias`` beside the ``weight``
    """

    running_mean: Tensor | None
    running_var: Tensor | None
    num_batches_tracked: Tensor | None
    _version = 2
    _input_dims = ()

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
        device: Device = None,
        dtype: torch.dtype | None = None,
        *,
        bias: bool = True,
    ) -> None:
        if affine or track_running_stats:
            check_size("num_features", num_features)
        super().__init__(num_features, device, dtype, weight=affine, bias=affine and bias)
        self.num_features = num_features
        self.eps = eps
        self.momentum = momentum
        self.affine = affine
        self.track_running_stats = track_running_stats
        self._register_statistic("running_mean", num_features, device, dtype)
        self._register_statistic("running_var", num_features, device, dtype)
        self._register_statistic("num_batches_tracked", (), device, torch.long)
        self.reset_parameters()

    def _register_statistic(self, name, shape, device, dtype):
        tracked = self.track_running_stats
        values = torch.empty(shape, device=device, dtype=dtype) if tracked else None
        self.register_buffer(name, values)

    def reset_running_stats(self) -> None:
        """Set the running mean to 0, the running variance to 1, and the count of batches to 0."""
        if self.track_running_stats:
            self.running_mean.zero_()  # pyrefly: ignore[missing-attribute]
            self.running_var.fill_(1)  # pyrefly: ignore[missing-attribute]
            self.num_batches_tracked.zero_()  # pyrefly: ignore[missing-attribute]

    def reset_parameters(self) -> None:
        """Set running statistics and parameters to their initial values."""
        self.reset_running_stats()
        super().reset_parameters()

    def extra_repr(self) -> str:
        """Return the arguments of the constructor, as ``torch.nn`` shows them."""
        return (
            f"{self.num_features}, eps={self.eps}, momentum={self.momentum}, affine={self.affine}, "
            f"bias={self.bias is not None}, track_running_stats={self.track_running_stats}"
        )

    def _check_input_dim(self, input):
        if input.dim() not in self._input_dims:
            expected = " or ".join(f"{dim}D" for dim in self._input_dims)
            raise ValueError(
                f"expected {expected} input (got {input.dim()}D input of shape "
                f"{tuple(input.shape)}): reshape it, or use the layer for another number of axes"
            )

    def _load_from_state_dict(self, state_dict, prefix, local_metadata, *args):  # pyrefly: ignore[bad-override]
        version = local_metadata.get("version")
        if self.track_running_stats and (version is None or version < 2):
            # Version 2 added the count of batches: with an older checkpoint it stays as it is.
            count = self.num_batches_tracked
            known = count is not None and not count.is_meta
            state_dict.setdefault(
                prefix + "num_batches_tracked", count if known else torch.tensor(0)
            )
        super()._load_from_state_dict(state_dict, prefix, local_metadata, *args)
