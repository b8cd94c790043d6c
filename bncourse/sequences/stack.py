"""One stack: the Transformers, data and optimizer of all members that are trained at once."""

from collections.abc import Iterator, Sequence
from typing import Literal

import torch
from torch import Tensor
from torch.nn import functional as F

from bncourse.experiments.sampling import Split, StackedData
from bncourse.sequences.config import Transformer
from bncourse.sequences.initial import initialize
from bncourse.sequences.initial import jitter as move_by_rounding
from bncourse.sequences.network import Decoder
from bncourse.sequences.schedule import ScheduledAdam, schedule

PIECE = 16  # sequences that are scored at once


class TextStack:
    """Transformers of one shape, a member for every arm and seed, ready to be trained.

    Arms are paired: members of the same seed start with the same weights and see the same batches.

    Parameters
    ----------
    configs : sequence of Transformer
        the arms, with the same ``stackable()``
    seeds : sequence of int
        of each arm; members are ordered by arm, then by seed
    device : str or torch.device
        of all tensors
    dtype : {"float32", "float64"}
        of all parameters
    jitter : int
        0, or the number of "another processor": see ``bncourse.experiments.Stack``

    Attributes
    ----------
    network : Decoder
        all members, in training mode except while they are scored
    data : StackedData
        the splits and batches of all members
    members : tuple of int
        arms and seeds: ``values.view(stack.members)`` is (arm, seed) for values (E,)
    """

    def __init__(
        self,
        configs: Sequence[Transformer],
        seeds: Sequence[int],
        device: str | torch.device = "cpu",
        dtype: Literal["float32", "float64"] = "float32",
        jitter: int = 0,
    ) -> None:
        self.members = len(configs), len(seeds)
        self.data = StackedData(configs[0], seeds, len(configs), device, torch.long)
        self.network = Decoder(configs, seeds, self.data.classes, self.data.features)
        self.network.to(device, getattr(torch, dtype))
        initialize(self.network, configs, seeds)
        if jitter:
            move_by_rounding(self.network, seeds, jitter)
        rates = torch.tensor([config.learning_rate for config in configs], dtype=torch.float64)
        rates = rates.repeat_interleave(len(seeds)).to(device)
        steps = configs[0].epochs * self.data.steps_per_epoch
        plan = schedule(configs[0].warmup, steps)
        self.optimizer = ScheduledAdam(self.network.parameters(), rates, plan)

    def batches(self) -> Iterator[tuple[Tensor, Tensor]]:
        """Yield tokens (B, E, T), and what follows each of them, for each step of one epoch."""
        return self.data.epoch()

    def step(self, x: Tensor, y: Tensor) -> Tensor:
        """Make one step of every member; return their losses before it, (E,)."""
        losses = token_losses(self.network(x), y).mean((1, 2))
        grads = torch.autograd.grad(losses.sum(), self.optimizer.parameters)
        self.optimizer.step(grads)
        return losses.detach()

    @torch.no_grad()
    def score(self, part: Split) -> dict[str, Tensor]:
        """Return loss and accuracy, (E,) each, on ``"validation"``, ``"test"`` or ``"train"``."""
        self.network.eval()
        found = [_scores(self.network(x), y) for x, y in self.pieces(part)]
        self.network.train()
        losses, hits = (torch.cat(pieces, 1).mean((1, 2)) for pieces in zip(*found, strict=True))
        return {f"{part}_loss": losses, f"{part}_accuracy": hits}

    def pieces(self, part: Split) -> Iterator[tuple[Tensor, Tensor]]:
        """Yield tokens (B, E, T), and what follows them, of a whole split, some at a time."""
        for x, y in self.data.pieces(part):
            yield from zip(x.split(PIECE), y.split(PIECE), strict=True)


def token_losses(logits: Tensor, following: Tensor) -> Tensor:
    """Return the cross-entropy at each place, (E, B, T), for logits (B, T, E, tokens)."""
    logits = logits.permute(2, 3, 0, 1).contiguous()
    return F.cross_entropy(logits, following.transpose(0, 1), reduction="none")


def _scores(logits, following):
    """Return the loss at each place, and whether the next token is guessed, (E, B, T) each."""
    hits = logits.argmax(3).permute(2, 0, 1) == following.transpose(0, 1)
    return token_losses(logits, following), hits.double()
