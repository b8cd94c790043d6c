"""One stack: the detectors, data and optimizer of all members that are trained at once."""

from torch import Tensor
from torch.nn import functional as F

from bncourse.detection.cells import hits, targets
from bncourse.detection.network import DetectorNetwork, of_backbone
from bncourse.detection.pretraining import pretrained
from bncourse.detection.scenes import CANVAS
from bncourse.experiments.base import BaseStack
from bncourse.experiments.initial import drawn, initialize
from bncourse.experiments.optim import Scheduled, optimizer, schedule

MOMENTUM = 0.9


class DetectorStack(BaseStack):
    """Detectors that name a digit and find it, a member for every arm and seed.

    Arms are paired: members of the same seed start with the same head, with the same pretrained
    convolutions if they have the same kind of norm, and see the same batches. Parameters,
    attributes and errors are those of `bncourse.experiments.base.BaseStack`, for configurations
    that are `bncourse.detection.Detector`.
    """

    network: DetectorNetwork

    def _networks(self, configs, seeds):
        return DetectorNetwork(configs, seeds)

    def _initialize(self, configs, seeds):
        """Draw the weights; or take those of the pretraining behind the head."""
        initialize(self.network, [of_backbone(config) for config in configs], seeds)
        if configs[0].start == "pretrained":
            learned = pretrained(configs[0], seeds).state_dict()
            arms = len(configs)
            repeated = {k: v.repeat(arms, *[1] * (v.ndim - 1)) for k, v in learned.items()}
            self.network.blocks.load_state_dict(repeated)
        if configs[0].norm == "frozen":
            self.network.freeze()

    def _drawn(self):
        return drawn(self.network)

    def _optimizer(self, configs, seeds):
        plan = schedule(None, configs[0].epochs * self.data.steps_per_epoch)
        common = {"momentum": MOMENTUM, "weight_decay": 0.0}
        return Scheduled(optimizer(self.network, configs, seeds, **common), plan)

    def inputs(self, x: Tensor) -> Tensor:
        """Return the pixels of images (N, E, H W) as images (N, E, 1, H, W)."""
        return x.unflatten(2, (1, CANVAS, CANVAS))

    def losses(self, outputs: Tensor, y: Tensor) -> Tensor:
        """Return the loss of each image, (E, N), for what is said of its cells."""
        return detection_losses(outputs, y)

    def hits(self, outputs: Tensor, y: Tensor) -> Tensor:
        """Return whether the digit of each image is named *and* found, (E, N)."""
        return hits(outputs, y).T


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
