"""Data for a stack: the splits of every seed side by side, and the batches of each step."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, Literal

import numpy as np
import torch
from torch import Tensor

from bncourse.data import Splits
from bncourse.experiments.streams import SAMPLING

Split = Literal["train", "validation", "test"]

PIECE = 64  # samples that are scored at once: what they need is to fit in the cache


class StackedData:
    """The data of several seeds, ready to be cut into the same batches for every arm.

    It lies member by member in memory, as the products of the first layer want it.

    Parameters
    ----------
    config : Config
        gives ``data`` and ``batch_size``
    seeds : sequence of int
        of the splits and of the order of the batches
    arms : int
        members that share a seed, and so their data
    device, dtype :
        of the features

    Raises
    ------
    ValueError
        The splits of the seeds differ in size, or hold less than a batch.
    """

    def __init__(
        self,
        config: Any,
        seeds: Sequence[int],
        arms: int,
        device: str | torch.device,
        dtype: torch.dtype,
    ) -> None:
        splits = [_load(config.data, seed) for seed in seeds]
        self.arms, self.batch_size = arms, config.batch_size
        self.orders = [np.random.default_rng([seed, SAMPLING]) for seed in seeds]
        self.parts = {
            part: tuple(_stack(splits, f"{axis}_{part}").to(device) for axis in "xy")
            for part in ("train", "validation", "test")
        }
        self.parts = {part: (x.to(dtype), y.long()) for part, (x, y) in self.parts.items()}
        self.classes = 1 + max(int(y.max()) for _, y in self.parts.values())
        self.features = self.parts["train"][0].shape[-1]
        self.samples = len(splits[0].y_train)
        if self.samples < self.batch_size:
            raise ValueError(
                f"batch_size={self.batch_size} is more than the {self.samples} training samples "
                "of the data: choose a smaller one"
            )

    @property
    def steps_per_epoch(self) -> int:
        """Number of complete batches in an epoch."""
        return self.samples // self.batch_size

    def epoch(self) -> Iterator[tuple[Tensor, Tensor]]:
        """Yield inputs (N, E, C) and labels (N, E) of each batch of one epoch, in new order."""
        orders = torch.tensor(np.stack([rng.permutation(self.samples) for rng in self.orders]))
        by_seed = torch.arange(len(orders))[:, None]
        for chosen in orders.split(self.batch_size, 1)[: self.steps_per_epoch]:
            yield self._for_arms(values[by_seed, chosen] for values in self.parts["train"])

    def pieces(self, part: Split) -> Iterator[tuple[Tensor, Tensor]]:
        """Yield inputs (N, E, C) and labels (N, E) of a whole split, some samples at a time."""
        for piece in zip(*(values.split(PIECE, 1) for values in self.parts[part]), strict=True):
            yield self._for_arms(piece)

    def _for_arms(self, values):
        """Return inputs and labels of each seed, (seeds, N, ...), once for each arm."""
        return tuple(v.repeat(self.arms, *[1] * (v.ndim - 1)).transpose(0, 1) for v in values)


@lru_cache(maxsize=32)
def _load(data, seed):
    splits = data(seed)
    if not isinstance(splits, Splits):
        raise TypeError(
            f"data must return bncourse.data.Splits, got {type(splits).__name__} from {data}: "
            "see bncourse.data.digits"
        )
    return splits


def _stack(splits, name):
    """Return one array of the splits of all seeds as a tensor (seeds, N, ...)."""
    arrays = [getattr(split, name) for split in splits]
    if len({array.shape for array in arrays}) > 1:
        raise ValueError(
            f"data gives {name} of different shapes for different seeds, "
            f"{sorted({array.shape for array in arrays})}: let it give every seed the same sizes"
        )
    return torch.from_numpy(np.stack(arrays))
