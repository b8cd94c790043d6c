"""One stack: the networks, data and optimizer of all members that are trained at once."""

import torch
from torch.nn import functional as F

from bncourse.experiments.config import PER_MEMBER
from bncourse.experiments.initial import initialize
from bncourse.experiments.network import Network, input_shape
from bncourse.experiments.optim import optimizer
from bncourse.experiments.sampling import StackedData


class Stack:
    """Networks of one shape, a member for every arm and seed, ready to be trained.

    Arms are paired: members of the same seed start with the same weights and see the same batches.

    Parameters
    ----------
    configs : sequence of Config
        the arms, with the same ``stackable()``
    seeds : sequence of int
        of each arm; members are ordered by arm, then by seed
    device, dtype : optional
        of all tensors

    Attributes
    ----------
    network : Network
        all members, in training mode except while they are scored
    data : StackedData
        the splits and batches of all members

    Raises
    ------
    ValueError
        The configurations differ in shape, or do not suit the data.
    """

    def __init__(self, configs, seeds, device="cpu", dtype=torch.float32):
        if len({config.stackable() for config in configs}) > 1:
            raise ValueError(
                f"configs of one stack may differ in {', '.join(PER_MEMBER)} alone: make a Stack "
                f"for each shape, or use run, got {configs}"
            )
        self.members = len(configs), len(seeds)
        self.data = StackedData(configs[0], seeds, len(configs), device, dtype)
        self.shape = input_shape(configs[0], self.data.features)
        self.network = Network(configs, seeds, self.shape, self.data.classes).to(device, dtype)
        initialize(self.network, configs, seeds)
        self.optimizer = optimizer(self.network, configs, seeds)

    def batches(self):
        """Yield inputs ``(N, E, C, *S)`` and labels (N, E) for each step of one epoch."""
        for x, y in self.data.epoch():
            yield x.unflatten(2, self.shape), y

    def step(self, x, y):
        """Make one step of every member; return their losses before it, (E,)."""
        losses = member_losses(self.network(x), y)
        self.optimizer.step(torch.autograd.grad(losses.sum(), self.optimizer.parameters))
        return losses.detach()

    @torch.no_grad()
    def score(self, part):
        """Return loss and accuracy, (E,) each, on ``"validation"``, ``"test"`` or ``"train"``."""
        self.network.eval()
        scores = [self._score(x, y) for x, y in self.data.pieces(part)]
        self.network.train()
        losses, hits = (torch.cat(pieces, 1) for pieces in zip(*scores, strict=True))
        return {f"{part}_loss": losses.mean(1), f"{part}_accuracy": hits.to(losses).mean(1)}

    def _score(self, x, y):
        """Return the loss of each sample, and whether its class is found, (E, N) each."""
        logits = self.network(x.unflatten(2, self.shape))
        return _losses(logits, y), (logits.argmax(2) == y).T


def member_losses(logits, labels):
    """Return the mean cross-entropy of each member, (E,), for logits (N, E, classes).

    Their sum is what is differentiated: no member's gradient feels another member.
    """
    return _losses(logits, labels).mean(1)


def _losses(logits, labels):
    by_class = logits.permute(1, 2, 0).contiguous()  # a sum over 10 neighbours would be slow
    return F.cross_entropy(by_class, labels.T, reduction="none")
