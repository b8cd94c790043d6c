"""Layers for a stack of E networks ("members") of the same shape.

Every tensor between layers is ``(N, E, C, *S)``: sample, member, channel, positions. Every
parameter has E in front of its shape in ``torch.nn``. To the operations of PyTorch a stack is one
ordinary network: a linear layer is one batched product, batch norm has E C channels, a convolution
or a group norm has E times the groups.

Without positions, tensors lie in memory as (E, C, N): each product of matrices ``W x`` leaves them
so, with samples as columns, and the samples that batch norm pools are neighbours. Nothing is
copied on the way from one layer to the next.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from bncourse.experiments.streams import Streams


class Linear(nn.Module):
    """E linear layers, from ``(N, E, fan_in)`` to ``(N, E, fan_out)``."""

    def __init__(self, members: int, fan_in: int, fan_out: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(members, fan_out, fan_in))
        self.bias = nn.Parameter(torch.empty(members, fan_out))

    def forward(self, x: Tensor) -> Tensor:
        """Return ``weight @ x + bias`` for each sample, member by member."""
        y = torch.baddbmm(self.bias[:, :, None], self.weight, x.permute(1, 2, 0))
        return y.permute(2, 0, 1)

    def load(self, weight: Tensor, bias: Tensor) -> None:
        """Set the parameters from those of E layers of ``torch.nn``."""
        self.weight.copy_(weight)
        self.bias.copy_(bias)

    def shape_of_one(self) -> torch.Size:
        """Return the shape of the weight of one member, as in ``torch.nn.Linear``."""
        return self.weight.shape[1:]


class Conv2d(nn.Module):
    """E convolutions of 3 by 3, padded with zeros, from ``(N, E, C, H, W)`` to the same H, W."""

    def __init__(self, members: int, fan_in: int, fan_out: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(members, fan_out, fan_in, 3, 3))
        self.bias = nn.Parameter(torch.empty(members, fan_out))

    def forward(self, x: Tensor) -> Tensor:
        """Return the convolution of each member with its own kernels."""
        members, channels = self.bias.shape
        weight, bias = self.weight.flatten(0, 1), self.bias.flatten()
        y = F.conv2d(x.flatten(1, 2), weight, bias, padding=1, groups=members)
        return y.unflatten(1, (members, channels))

    def load(self, weight: Tensor, bias: Tensor) -> None:
        """Set the parameters from those of E layers of ``torch.nn``."""
        self.weight.copy_(weight)
        self.bias.copy_(bias)

    def shape_of_one(self) -> torch.Size:
        """Return the shape of the weight of one member, as in ``torch.nn.Conv2d``."""
        return self.weight.shape[1:]


class Norm(nn.Module):
    """What the norms share: a learned scale and shift for each channel of each member."""

    def __init__(self, members: int, channels: int, eps: float) -> None:
        super().__init__()
        self.eps = eps
        self.weight = nn.Parameter(torch.ones(members, channels))
        self.bias = nn.Parameter(torch.zeros(members, channels))


class BatchNorm(Norm):
    """E batch norms, with running statistics as in ``torch.nn``.

    The kernel is PyTorch's, as in all norms here: with that of ``bncourse.nn``, whose tests prove
    that it gives the same numbers, a step of training takes 1.3 times as long with 100 members and
    twice as long with 20, and it refuses ``eps = 0``, which identities of scale need.
    """

    def __init__(self, members: int, channels: int, eps: float, momentum: float) -> None:
        super().__init__(members, channels, eps)
        self.momentum = momentum
        self.register_buffer("running_mean", torch.zeros(members, channels))
        self.register_buffer("running_var", torch.ones(members, channels))

    def forward(self, x: Tensor) -> Tensor:
        """Normalize with the statistics of the batch in training, else with the running ones."""
        state = (self.running_mean, self.running_var, self.weight, self.bias)
        state = [s.flatten() for s in state]
        if x.ndim > 3:
            return self._normalise(x.flatten(1, 2), *state).view(x.shape)
        units = x.permute(1, 2, 0)
        y = self._normalise(units.reshape(1, -1, len(x)), *state)
        return y.view(units.shape).permute(2, 0, 1)

    def _normalise(self, x, mean, var, weight, bias):
        """Normalize ``(N, E C, *S)``, or (1, E C, N) for samples without positions."""
        # Not that of torch.nn.functional, which refuses eps = 0.
        return torch.batch_norm(
            x, weight, bias, mean, var, self.training, self.momentum, self.eps, cudnn_enabled=True
        )


class GhostBatchNorm(BatchNorm):
    """E batch norms that split a batch of training into pools of ``pool`` samples.

    Each pool is normalized by itself ("ghost batches", Hoffer et al. 2017, algorithm 1); the
    running statistics move by the mean of what the pools would move them.
    """

    def __init__(self, members: int, channels: int, eps: float, momentum: float, pool: int) -> None:
        super().__init__(members, channels, eps, momentum)
        self.pool = pool

    def _normalise(self, x, *state):  # pyrefly: ignore[bad-override]
        if not self.training:
            return super()._normalise(x, *state)
        pools = (len(x) if x.ndim > 3 else x.shape[2]) // self.pool
        mean, var, weight, bias = (s[:, None].expand(-1, pools).flatten() for s in state)
        y = super()._normalise(self._pools_apart(x, pools), mean, var, weight, bias)
        for old, moved in zip(state[:2], (mean, var), strict=True):
            old.copy_(moved.view(-1, pools).mean(1))
        return self._pools_together(y, pools)

    def _pools_apart(self, x, pools):
        """Return each pool of each channel as a channel of its own."""
        if x.ndim == 3:
            return x.view(1, -1, self.pool)
        return x.unflatten(0, (pools, self.pool)).movedim(0, 2).flatten(1, 2)

    def _pools_together(self, y, pools):
        """Undo `_pools_apart`."""
        if y.ndim == 3:
            return y.view(1, -1, pools * self.pool)
        return y.unflatten(1, (-1, pools)).movedim(2, 0).flatten(0, 1)


class GroupNorm(Norm):
    """E group norms; with one group, a layer norm; with as many as channels, an instance norm."""

    def __init__(self, members: int, channels: int, eps: float, groups: int) -> None:
        super().__init__(members, channels, eps)
        self.groups = groups

    def forward(self, x: Tensor) -> Tensor:
        """Normalize each group of channels of each sample."""
        if x.ndim == 3:
            return self._of_vectors(x.permute(1, 2, 0)).permute(2, 0, 1)
        groups = self.weight.shape[0] * self.groups
        affine = self.weight.flatten(), self.bias.flatten()
        return F.group_norm(x.flatten(1, 2), groups, *affine, self.eps).view(x.shape)

    def _of_vectors(self, units):
        """Normalize (E, C, N): as batch norm does it, with units for samples and the reverse."""
        pooled = units.unflatten(1, (self.groups, -1)).movedim(2, 0)
        x_hat = torch.batch_norm(
            pooled.flatten(1), None, None, None, None, True, 0.0, self.eps, cudnn_enabled=True
        )
        x_hat = x_hat.view(pooled.shape).movedim(0, 2).flatten(1, 2)
        return torch.addcmul(self.bias[:, :, None], x_hat, self.weight[:, :, None])


class RMSNorm(Norm):
    """E RMS norms: each sample divided by the root of its mean square; no shift."""

    def __init__(self, members: int, channels: int, eps: float) -> None:
        super().__init__(members, channels, eps)
        del self.bias

    def forward(self, x: Tensor) -> Tensor:
        """Normalize each sample."""
        units = x.permute(1, 2, 0)
        inv_rms = torch.rsqrt(units.square().mean(1, keepdim=True) + self.eps)
        return (units * inv_rms * self.weight[:, :, None]).permute(2, 0, 1)


class HalveImage(nn.Module):
    """Replace each square of 2 by 2 positions by its largest value."""

    def forward(self, x: Tensor) -> Tensor:
        """Return (N, E, C, H / 2, W / 2) for (N, E, C, H, W)."""
        return F.max_pool2d(x.flatten(1, 2), 2).unflatten(1, x.shape[1:3])


class Dropout(nn.Module):
    """Set a part of the units to 0 in training, and scale the others up to keep the mean."""

    def __init__(self, part: float, streams: Streams) -> None:
        super().__init__()
        self.part, self.streams = part, streams

    def forward(self, x: Tensor) -> Tensor:
        """Return ``x`` with some of its units at 0 in training, else ``x``."""
        if not self.training:
            return x
        kept = self.streams.draw(torch.rand, x) >= self.part
        return x * kept / (1 - self.part)


class Perturb(nn.Module):
    """Shift and scale every unit at random in training.

    The noise of Santurkar et al. (2018), section 2.1: at each step every unit gets a distribution
    of its own, with a mean and a spread that the norm did not give it; each sample is moved by a
    draw from it. What the norm has made steady is unsteady again.
    """

    def __init__(self, strength: float, streams: Streams) -> None:
        super().__init__()
        self.strength, self.streams = strength, streams

    def forward(self, x: Tensor) -> Tensor:
        """Return ``x * (1 + scale) + shift`` in training, else ``x``."""
        return x * (1 + self._noise(x)) + self._noise(x) if self.training else x

    def _noise(self, x):
        center = self.streams.draw(torch.randn, x[:1])
        spread = self.streams.draw(torch.rand, x[:1])
        return self.strength * (center + spread * self.streams.draw(torch.randn, x))
