"""One stack: the Transformers, data and optimizer of all members that are trained at once."""

from collections.abc import Iterator

import torch
from torch import Tensor
from torch.nn import functional as F

from bncourse.experiments.base import BaseStack
from bncourse.experiments.optim import Scheduled, optimizer, schedule
from bncourse.experiments.sampling import Split
from bncourse.sequences.initial import drawn, initialize
from bncourse.sequences.network import Decoder

PIECE = 16  # sequences that are scored at once


class TextStack(BaseStack):
    """Transformers that say which token comes next, a member for every arm and seed.

    Arms are paired: members of the same seed start with the same weights and see the same batches.
    Parameters, attributes and errors are those of `bncourse.experiments.base.BaseStack`, for
    configurations that are `bncourse.sequences.Transformer`. Inputs are tokens (B, E, T), and
    labels what follows each of them.
    """

    network: Decoder
    features = torch.long

    def _networks(self, configs, seeds):
        return Decoder(configs, seeds, self.data.classes, self.data.features)

    def _initialize(self, configs, seeds):
        initialize(self.network, configs, seeds)

    def _drawn(self):
        return drawn(self.network)

    def _optimizer(self, configs, seeds):
        steps = configs[0].epochs * self.data.steps_per_epoch
        adam = optimizer(self.network, configs, seeds, weight_decay=0.0)
        return Scheduled(adam, schedule(configs[0].warmup, steps))

    def losses(self, outputs: Tensor, y: Tensor) -> Tensor:
        """Return the cross-entropy at each place, (E, B, T), for logits (B, T, E, tokens)."""
        return token_losses(outputs, y)

    def hits(self, outputs: Tensor, y: Tensor) -> Tensor:
        """Return whether the next token is guessed, at each place, (E, B, T)."""
        return outputs.argmax(3).permute(2, 0, 1) == y.transpose(0, 1)

    def pieces(self, part: Split) -> Iterator[tuple[Tensor, Tensor]]:
        """Yield tokens (B, E, T), and what follows them, of a whole split, some at a time."""
        for x, y in super().pieces(part):
            yield from zip(x.split(PIECE), y.split(PIECE), strict=True)


def token_losses(logits: Tensor, following: Tensor) -> Tensor:
    """Return the cross-entropy at each place, (E, B, T), for logits (B, T, E, tokens)."""
    logits = logits.permute(2, 3, 0, 1).contiguous()
    return F.cross_entropy(logits, following.transpose(0, 1), reduction="none")
