"""Instance normalization as a layer: one mean and variance for each channel of each sample."""

import warnings

import torch
from torch import Tensor
from torch.types import Device

from bncourse.nn.channel import ChannelNorm
from bncourse.nn.functional import instance_norm


class InstanceNorm(ChannelNorm):
    """Instance normalization for any number of spatial axes; see `InstanceNorm1d`."""

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        affine: bool = False,
        track_running_stats: bool = False,
        device: Device = None,
        dtype: torch.dtype | None = None,
        *,
        bias: bool = True,
    ) -> None:
        super().__init__(
            num_features, eps, momentum, affine, track_running_stats, device, dtype, bias=bias
        )

    def forward(self, input: Tensor) -> Tensor:
        """Normalize ``input``, which may lack the axis of samples; see `InstanceNorm1d`."""
        self._check_input_dim(input)
        unbatched = input.dim() == self._input_dims[0]
        self._check_channels(input, axis=0 if unbatched else 1)
        y = instance_norm(
            input.unsqueeze(0) if unbatched else input,
            self.running_mean,
            self.running_var,
            self.weight,
            self.bias,
            self.training or not self.track_running_stats,
            0.0 if self.momentum is None else self.momentum,
            self.eps,
        )
        return y.squeeze(0) if unbatched else y

    def _check_channels(self, input, axis):
        found = input.shape[axis]
        if found == self.num_features:
            return
        if self.affine:
            raise ValueError(
                f"expected input's size at dim={axis} to match num_features ({self.num_features}), "
                f"but got: {found}; change one or the other"
            )
        warnings.warn(
            f"input's size at dim={axis} ({found}) does not match num_features "
            f"({self.num_features}), which is not used because affine=False; construct the layer "
            "with the right one to silence this warning",
            stacklevel=3,
        )

    def _load_from_state_dict(  # pyrefly: ignore[bad-override]
        self, state_dict, prefix, local_metadata, strict, missing, unexpected, errors
    ):
        if local_metadata.get("version") is None and not self.track_running_stats:
            names = ("running_mean", "running_var")
            stray = [name for name in names if state_dict.pop(prefix + name, None) is not None]
            if stray:
                errors.append(
                    f"Unexpected running stats buffer(s) {' and '.join(stray)} for "
                    f"{type(self).__name__} with track_running_stats=False: remove them from the "
                    "state_dict, or construct the layer with track_running_stats=True to use them"
                )
        super()._load_from_state_dict(
            state_dict, prefix, local_metadata, strict, missing, unexpected, errors
        )


class InstanceNorm1d(InstanceNorm):
    """Normalize each channel of each sequence, ``(N, C, L)`` or ``(C, L)``, by itself.

    ``y = weight * (x - mean) / sqrt(var + eps) + bias``, with mean and biased variance over the
    positions of one channel of one sample, in both modes. With ``track_running_stats``, evaluation
    mode uses running statistics in their place, as batch norm does. Ulyanov et al. (2016),
    https://arxiv.org/abs/1607.08022.

    A drop-in for ``torch.nn.InstanceNorm1d``; `bncourse.nn.functional` lists what differs.

    Parameters
    ----------
    num_features : int
        C, the number of channels
    eps : float
        added to the variance; unit: x squared
    momentum : float or None
        weight of the new batch in the running statistics; None for 0
    affine : bool
        whether there is a ``weight``
    track_running_stats : bool
        whether there are running statistics
    device, dtype : optional
        of parameters and running statistics
    bias : bool
        whether there is a ``bias`` beside the ``weight``

    Attributes
    ----------
    weight, bias : Parameter, (C,), or None
        start at 1 and 0; unit: y
    running_mean, running_var : Tensor, (C,), or None
        averages over the samples; start at 0 and 1; units: x, x squared
    num_batches_tracked : Tensor, int64, or None
        stays 0, as in ``torch.nn``
    """

    _input_dims = (2, 3)


class InstanceNorm2d(InstanceNorm):
    """Normalize each channel of each image, ``(N, C, H, W)`` or ``(C, H, W)``, by itself.

    See `InstanceNorm1d`.
    """

    _input_dims = (3, 4)


class InstanceNorm3d(InstanceNorm):
    """Normalize each channel of each volume, ``(N, C, D, H, W)`` or ``(C, D, H, W)``, by itself.

    See `InstanceNorm1d`.
    """

    _input_dims = (4, 5)
