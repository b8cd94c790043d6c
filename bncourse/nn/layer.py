"""Norms over the trailing axes of each sample: layer norm, and RMS norm, which does not centre."""

from collections.abc import Iterable, Sequence

import torch
from torch import Tensor
from torch.types import Device

from bncourse.nn.affine import AffineNorm
from bncourse.nn.checks import check_size
from bncourse.nn.functional import layer_norm, rms_norm


class LayerNorm(AffineNorm):
    """Normalize each sample over its trailing axes.

    ``y = weight * (x - mean) / sqrt(var + eps) + bias``, with mean and biased variance over the
    trailing axes, in both modes. Ba et al. (2016), https://arxiv.org/abs/1607.06450.

    A drop-in for ``torch.nn.LayerNorm``; `bncourse.nn.functional` lists what differs.

    Parameters
    ----------
    normalized_shape : int or sequence of int
        D, the sizes of the trailing axes; an int for the last axis alone
    eps : float
        added to the variance; unit: x squared
    elementwise_affine : bool
        whether there is a ``weight``
    bias : bool
        whether there is a ``bias`` beside the ``weight``
    device, dtype : optional
        of the parameters

    Attributes
    ----------
    weight, bias : Parameter, D, or None
        start at 1 and 0; unit: y
    """

    def __init__(
        self,
        normalized_shape: int | Sequence[int],
        eps: float = 1e-5,
        elementwise_affine: bool = True,
        bias: bool = True,
        device: Device = None,
        dtype: torch.dtype | None = None,
    ) -> None:
        shape = _as_shape(normalized_shape)
        wanted = {"weight": elementwise_affine, "bias": elementwise_affine and bias}
        super().__init__(shape, device, dtype, **wanted)
        self.normalized_shape = shape
        self.eps = eps
        self.elementwise_affine = elementwise_affine
        self.reset_parameters()

    def forward(self, input: Tensor) -> Tensor:
        """Normalize ``input``, whose trailing sizes are ``normalized_shape``."""
        return layer_norm(input, self.normalized_shape, self.weight, self.bias, self.eps)

    def extra_repr(self) -> str:
        """Return the arguments of the constructor, as ``torch.nn`` shows them."""
        return (
            f"{self.normalized_shape}, eps={self.eps}, "
            f"elementwise_affine={self.elementwise_affine}, bias={self.bias is not None}"
        )


class RMSNorm(AffineNorm):
    """Divide each sample by the root mean square of its trailing axes.

    ``y = weight * x / sqrt(mean(x**2) + eps)``, in both modes. Zhang & Sennrich (2019),
    https://arxiv.org/abs/1910.07467.

    A drop-in for ``torch.nn.RMSNorm``; `bncourse.nn.functional` lists what differs.

    Parameters
    ----------
    normalized_shape : int or sequence of int
        D, the sizes of the trailing axes; an int for the last axis alone
    eps : float or None
        added to the mean square; None for the machine epsilon of float32, or of float64 for float64
        input; unit: x squared
    elementwise_affine : bool
        whether there is a ``weight``
    device, dtype : optional
        of the weight

    Attributes
    ----------
    weight : Parameter, D, or None
        starts at 1; unit: y
    """

    def __init__(
        self,
        normalized_shape: int | Sequence[int],
        eps: float | None = None,
        elementwise_affine: bool = True,
        device: Device = None,
        dtype: torch.dtype | None = None,
    ) -> None:
        shape = _as_shape(normalized_shape)
        super().__init__(shape, device, dtype, weight=elementwise_affine)
        self.normalized_shape = shape
        self.eps = eps
        self.elementwise_affine = elementwise_affine
        self.reset_parameters()

    def forward(self, x: Tensor) -> Tensor:
        """Normalize ``x``, whose trailing sizes are ``normalized_shape``."""
        return rms_norm(x, self.normalized_shape, self.weight, self.eps)

    def extra_repr(self) -> str:
        """Return the arguments of the constructor, as ``torch.nn`` shows them."""
        return (
            f"{self.normalized_shape}, eps={self.eps}, elementwise_affine={self.elementwise_affine}"
        )


def _as_shape(normalized_shape):
    shape = (
        tuple(normalized_shape) if isinstance(normalized_shape, Iterable) else (normalized_shape,)
    )
    for size in shape:
        check_size("normalized_shape", size)
    return shape
