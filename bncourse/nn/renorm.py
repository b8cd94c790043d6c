"""Batch renormalization: batch norm that is corrected towards what evaluation will compute."""

import torch
from torch import Tensor
from torch.types import Device

from bncourse.nn import checks
from bncourse.nn.batch import BatchNorm
from bncourse.nn.functional import batch_norm


class BatchRenorm(BatchNorm):
    """Normalize each channel over the batch, corrected by the running statistics within limits.

    In training mode ``y = weight * (x_hat * r + d) + bias``, where x_hat is normalized by the batch
    as in batch norm, and::

        r = sqrt(var + eps) / sqrt(running_var + eps), from 1 / r_max to r_max
        d = (mean - running_mean) / sqrt(running_var + eps), from -d_max to d_max

    are constants to the gradient. With ``r_max=1`` and ``d_max=0`` this is batch norm; where no
    limit is reached, y is what evaluation mode computes from the same running statistics. They move
    afterwards, as in batch norm. Ioffe (2017), https://arxiv.org/abs/1702.03275, where the limits
    are 1 and 0 for the first 5000 steps, and then grow to 3 and 5: set ``r_max`` and ``d_max``
    while you train. (There the average is of standard deviations, and here of variances, so that
    the state is that of batch norm.)

    Parameters
    ----------
    num_features : int
        C, the number of channels
    r_max : float
        at least 1
    d_max : float
        at least 0
    eps : float
        added to the variance; unit: x squared
    momentum : float or None
        weight of the new batch in the running statistics; None for their cumulative average
    affine : bool
        whether there is a ``weight``
    device, dtype : optional
        of parameters and running statistics
    bias : bool
        whether there is a ``bias`` beside the ``weight``

    Attributes
    ----------
    weight, bias : Parameter, (C,), or None
        start at 1 and 0; unit: y
    running_mean, running_var : Tensor, (C,)
        start at 0 and 1; units: x, x squared
    num_batches_tracked : Tensor, int64
        batches seen in training mode
    """

    _input_dims = (2, 3, 4, 5)

    def __init__(
        self,
        num_features: int,
        r_max: float = 3.0,
        d_max: float = 5.0,
        eps: float = 1e-5,
        momentum: float | None = 0.01,
        affine: bool = True,
        device: Device = None,
        dtype: torch.dtype | None = None,
        *,
        bias: bool = True,
    ) -> None:
        super().__init__(num_features, eps, momentum, affine, True, device, dtype, bias=bias)
        self.r_max = r_max
        self.d_max = d_max
        self._check_limits()

    def forward(self, input: Tensor) -> Tensor:
        """Normalize ``input``, (N, C, ``*S``), with statistics that the mode decides."""
        if not self.training:
            return super().forward(input)
        self._check(input)
        x = input.to(torch.promote_types(input.dtype, torch.float32))
        # Moved all the way, copies of the running statistics become those of the batch.
        running = [part.to(x.dtype) for part in (self.running_mean, self.running_var)]  # pyrefly: ignore[missing-attribute]
        batch = [part.clone() for part in running]
        x_hat = batch_norm(x, *batch, training=True, momentum=1.0, eps=self.eps)
        r, d = self._corrections(*running, *batch, x[:, 0].numel())  # pyrefly: ignore[bad-argument-count]
        self._move(running, batch)
        weight = 1 if self.weight is None else self.weight.to(x.dtype)
        bias = 0 if self.bias is None else self.bias.to(x.dtype)
        shape = (-1, *[1] * (x.dim() - 2))
        y = x_hat * (weight * r).view(shape) + (weight * d + bias).view(shape)
        return y.to(input.dtype)

    def _corrections(self, running_mean, running_var, mean, unbiased_var, count):
        var = unbiased_var * (max(count - 1, 0) / max(count, 1))
        running_std = torch.sqrt(running_var + self.eps)
        r = torch.sqrt(var + self.eps) / running_std
        d = (mean - running_mean) / running_std
        return r.clamp(1 / self.r_max, self.r_max), d.clamp(-self.d_max, self.d_max)

    @torch.no_grad()
    def _move(self, running, batch):
        rate = self._weight_of_batch()
        stored = self.running_mean, self.running_var
        for into, old, new in zip(stored, running, batch, strict=True):
            into.copy_(old.lerp(new, rate))  # pyrefly: ignore[missing-attribute]
        self.num_batches_tracked.add_(1)  # pyrefly: ignore[missing-attribute]

    def _check(self, input):
        checks.check_input(input)
        self._check_input_dim(input)
        given = dict(running_mean=self.running_mean, weight=self.weight, bias=self.bias)
        checks.check_numel(input.shape[1], **given)
        checks.check_dtypes(input, **given)
        self._check_limits()

    def _check_limits(self):
        for name, least in (("r_max", 1), ("d_max", 0)):
            value = getattr(self, name)
            checks.check_real(name, value)
            if not value >= least:
                raise ValueError(
                    f"{name} must be at least {least}, got {value}: with r_max=1 and d_max=0 it is "
                    "batch norm"
                )

    def extra_repr(self) -> str:
        """Return the arguments of the constructor, as ``torch.nn`` shows them."""
        features, rest = super().extra_repr().split(", ", 1)
        rest = rest.removesuffix(f", track_running_stats={self.track_running_stats}")
        return f"{features}, r_max={self.r_max}, d_max={self.d_max}, {rest}"
