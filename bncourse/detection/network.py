"""Detectors for the members of a stack, as one module."""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn

from bncourse.detection.config import Detector
from bncourse.detection.scenes import CLASSES
from bncourse.evidence.config import Config
from bncourse.experiments.layers import BatchNorm, Conv2d
from bncourse.experiments.network import Network

OUTPUTS = 1 + CLASSES + 2  # of a cell: is it here, which digit is it, how far down and right


class Frozen(nn.Module):
    """Batch norm with statistics, gamma and beta that stay: a line for each channel."""

    def __init__(self, norm: BatchNorm) -> None:
        super().__init__()
        factor = norm.weight.detach() * torch.rsqrt(norm.running_var + norm.eps)
        self.register_buffer("factor", factor)
        self.register_buffer("shift", norm.bias.detach() - norm.running_mean * factor)

    def forward(self, x: Tensor) -> Tensor:
        """Return (N, E, C, H, W) for the same."""
        return torch.addcmul(self.shift[..., None, None], x, self.factor[..., None, None])


class DetectorNetwork(nn.Module):
    """Detectors for the members of a stack.

    Parameters
    ----------
    configs : sequence of Detector
        the arms, equal in all settings that decide a shape
    seeds : sequence of int
        every arm has a member for every seed; members are ordered by arm, then by seed

    Attributes
    ----------
    blocks : torch.nn.ModuleList
        the convolutions with their norms, in forward order
    head : torch.nn.Module
        the convolution behind them
    """

    def __init__(self, configs: Sequence[Detector], seeds: Sequence[int]) -> None:
        super().__init__()
        config = configs[0]
        backbones = [of_backbone(config)] * len(configs)
        self.blocks = Network(backbones, seeds, (1, 1, 1), CLASSES).blocks
        self.head = Conv2d(len(configs) * len(seeds), config.width, OUTPUTS)

    def forward(self, x: Tensor) -> Tensor:
        """Return (N, E, OUTPUTS, H, W), what is said of each cell, for images (N, E, 1, H, W)."""
        for block in self.blocks:
            x = block(x)
        return self.head(x)

    def freeze(self) -> None:
        """Hold statistics, gamma and beta of each norm, which is batch norm, as they are."""
        for block in self.blocks:
            block.norm = Frozen(block.norm)  # pyrefly: ignore[bad-argument-type]


def of_backbone(config: Detector, **others: Any) -> Config:
    """Return the settings of the convolutions and norms of a detector, and others."""
    norm = {"group": {"norm": "group", "groups": config.groups}}
    shape = {"model": "cnn", "depth": config.depth, "width": config.width}
    pool = {"norm": "batch", "norm_batch": config.norm_batch, "batch_size": config.batch_size}
    return Config(**shape | norm.get(config.norm, pool) | others)  # pyrefly: ignore[bad-argument-type]
