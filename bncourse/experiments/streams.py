"""Random numbers that depend on the seed of a member and on nothing else.

The members of a stack are ordered by arm, then by seed. Arms with the same seed get the same
numbers: that is what makes a comparison of arms *paired*.
"""

from collections.abc import Callable, Iterable

import numpy as np
import torch
from torch import Tensor

# What a stream is for. Each layer's initial weights have a purpose of their own.
DROPOUT = 1
SAMPLING = 2
NOISE = 3
FIRST_LAYER = 100
FIRST_JITTER = 1_000_000  # as FIRST_LAYER, for the rounding of the weights


def generator(seed: int, purpose: int, *more: int) -> torch.Generator:
    """Return a generator for one seed and one purpose (a number), independent of all others.

    More numbers tell apart several streams of one purpose.
    """
    (state,) = np.random.SeedSequence([seed, purpose, *more]).generate_state(1, np.uint64)
    return torch.Generator().manual_seed(int(state >> 1))


class Streams:
    """One stream of random numbers for each seed, shared by the arms of a stack.

    Parameters
    ----------
    seeds : sequence of int
        one stream each
    arms : int
        how many members share a seed
    purpose : int
        streams for different purposes are independent
    """

    def __init__(self, seeds: Iterable[int], arms: int, purpose: int) -> None:
        self.arms = arms
        self.generators = [generator(seed, purpose) for seed in seeds]

    def draw(self, function: Callable[..., Tensor], like: Tensor) -> Tensor:
        """Return what ``function``, such as ``torch.rand``, draws, in the shape of ``like``."""
        one = like[:, 0].shape
        drawn = [function(one, generator=g, dtype=like.dtype) for g in self.generators]
        return torch.stack(drawn, 1).repeat(1, self.arms, *(1 for _ in one[1:])).to(like.device)
