"""One stack: the detectors, data and optimizer of all members that are trained at once."""

from collections.abc import Iterator, Sequence
from typing import Literal

import torch
from torch import Tensor
from torch.nn import functional as F

from bncourse.detection.cells import hits, targets
from bncourse.detection.config import Detector
from bncourse.detection.network import DetectorNetwork, of_backbone
from bncourse.detection.optim import FallingSGD
from bncourse.detection.pretraining import pretrained
from bncourse.detection.scenes import CANVAS
from bncourse.experiments.initial import initialize
from bncourse.experiments.initial import jitter as move_by_rounding
from bncourse.experiments.sampling import Split, StackedData
from bncourse.sequences.schedule import ScheduledAdam, schedule

MOMENTUM = 0.9


class DetectorStack:
    """Detectors of one shape, a member for every arm and seed, ready to be trained.

    Arms are paired: members of the same seed start with the same head, with the same pretrained
    convolutions if they have the same kind of norm, and see the same batches.

    Parameters
    ----------
    configs : sequence of Detector
        the arms, with the same ``stackable()``
    seeds : sequence of int
        of each arm; members are ordered by arm, then by seed
    device : str or torch.device
        of all tensors
    dtype : {"float32", "float64"}
        of all numbers
    jitter : int
        0, or the number of "another processor": see ``bncourse.experiments.Stack``

    Attributes
    ----------
    network : DetectorNetwork
        all members, in training mode except while they are scored
    data : StackedData
        the splits and batches of all members
    members : tuple of int
        arms and seeds: ``values.view(stack.members)`` is (arm, seed) for values (E,)
    """

    def __init__(
        self,
        configs: Sequence[Detector],
        seeds: Sequence[int],
        device: torch.device | str = "cpu",
        dtype: Literal["float32", "float64"] = "float32",
        jitter: int = 0,
    ) -> None:
        self.members = len(configs), len(seeds)
        self.data = StackedData(configs[0], seeds, len(configs), device, getattr(torch, dtype))
        self.network = _begun(configs, seeds).to(device, getattr(torch, dtype))
        if jitter:
            move_by_rounding(self.network, seeds, jitter)
        self.optimizer = _optimizer(self.network, configs, seeds, self.data.steps_per_epoch)

    def batches(self) -> Iterator[tuple[Tensor, Tensor]]:
        """Yield images (N, E, 1, H, W), and labels (N, E), for each step of one epoch."""
        for x, y in self.data.epoch():
            yield self.images(x), y

    def step(self, x: Tensor, y: Tensor) -> Tensor:
        """Make one step of every member; return their losses before it, (E,)."""
        losses = detection_losses(self.network(x), y).mean(1)
        self.optimizer.step(torch.autograd.grad(losses.sum(), self.optimizer.parameters))
        return losses.detach()

    @torch.no_grad()
    def score(self, part: Split) -> dict[str, Tensor]:
        """Return loss and hits, (E,) each, on ``"validation"``, ``"test"`` or ``"train"``.

        What is called accuracy is the part of the images whose digit is named *and* found.
        """
        self.network.eval()
        found = [self._scores(x, y) for x, y in self.data.pieces(part)]
        self.network.train()
        losses, right = (
            torch.cat(pieces, 1).double().mean(1) for pieces in zip(*found, strict=True)
        )
        return {f"{part}_loss": losses, f"{part}_accuracy": right}

    def inputs(self, part: Split) -> Tensor:
        """Return all images of a split, (N, E, 1, H, W)."""
        return self.images(torch.cat([x for x, _ in self.data.pieces(part)]))

    def images(self, x: Tensor) -> Tensor:
        """Return the pixels of images (N, E, H W) as images (N, E, 1, H, W)."""
        return x.unflatten(2, (1, CANVAS, CANVAS))

    def _scores(self, x, y):
        said = self.network(self.images(x))
        return detection_losses(said, y), hits(said, y).T


def detection_losses(said: Tensor, labels: Tensor) -> Tensor:
    """Return the loss of each image, (E, N), for what is said of its cells and its label.

    The sum of three: cross-entropy of the cell in which the middle of the digit lies, among all
    cells; there, cross-entropy of the class; and there, half the squared error of the offset.

    Parameters
    ----------
    said : Tensor, ``(N, E, 13, H, W)``
        of the network
    labels : Tensor of int, ``(N, E)``
        of ``bncourse.detection.scenes``
    """
    cells, classes, offsets = targets(labels)
    said = said.flatten(3)
    here = said.gather(3, cells[..., None, None].expand(*said.shape[:3], 1)).squeeze(3)
    of_cell = F.cross_entropy(said[:, :, 0].flatten(0, 1), cells.flatten(), reduction="none")
    of_class = F.cross_entropy(here[:, :, 1:-2].flatten(0, 1), classes.flatten(), reduction="none")
    of_place = (here[:, :, -2:] - offsets).square().sum(2) / 2
    return ((of_cell + of_class).view(labels.shape) + of_place).T


def _begun(configs, seeds):
    """Return the network with initial weights, or with those of the pretraining behind the head."""
    network = DetectorNetwork(configs, seeds)
    initialize(network, [of_backbone(config) for config in configs], seeds)
    if configs[0].start == "pretrained":
        learned = pretrained(configs[0], seeds).state_dict()
        arms = len(configs)
        repeated = {k: v.repeat(arms, *[1] * (v.ndim - 1)) for k, v in learned.items()}
        network.blocks.load_state_dict(repeated)
    if configs[0].norm == "frozen":
        network.freeze()
    return network


def _optimizer(network, configs, seeds, steps_per_epoch):
    rates = torch.tensor([config.learning_rate for config in configs], dtype=torch.float64)
    rates = rates.repeat_interleave(len(seeds)).to(network.head.weight)
    plan = schedule(None, configs[0].epochs * steps_per_epoch)
    if configs[0].optimizer == "adam":
        return ScheduledAdam(network.parameters(), rates, plan)
    momentum, decay = torch.full_like(rates, MOMENTUM), torch.zeros_like(rates)
    return FallingSGD(network.parameters(), rates, momentum, decay, plan)
