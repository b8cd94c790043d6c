"""What a detector begins with: convolutions that tell digits in the middle apart."""

from collections.abc import Sequence
from functools import lru_cache

from torch import nn

from bncourse.detection.config import Detector
from bncourse.detection.network import of_backbone
from bncourse.detection.scenes import portraits
from bncourse.evidence.config import Config
from bncourse.experiments.stack import Stack

USUAL = {"data": portraits, "optimizer": "adam", "learning_rate": 0.01, "batch_size": 64}
EPOCHS = 12


def classifier(config: Detector) -> Config:
    """Return the settings of the pretraining: large batches, in one pool.

    Parameters
    ----------
    config : Detector
        says which convolutions and which norm

    Returns
    -------
    Config
    """
    return of_backbone(config, norm_batch=None, epochs=EPOCHS, **USUAL)


def pretrained(config: Detector, seeds: Sequence[int]) -> nn.ModuleList:
    """Return the convolutions and norms of networks that are pretrained, one for each seed.

    In float64, so that another rounding hardly shows in the first steps of what follows.

    Parameters
    ----------
    config : Detector
        as in `classifier`
    seeds : sequence of int
        of the portraits, the initial weights and the batches

    Returns
    -------
    torch.nn.ModuleList
        with parameters and buffers of shape (seeds, ...)
    """
    return _trained(classifier(config), tuple(seeds)).blocks


@lru_cache(maxsize=8)
def _trained(config, seeds):
    stack = Stack([config], seeds, dtype="float64")
    for _ in range(config.epochs):
        for x, y in stack.batches():
            stack.step(x, y)
    return stack.network
