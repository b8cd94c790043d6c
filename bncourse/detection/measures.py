"""Measurements of trained detectors."""

import torch
from torch import Tensor

from bncourse.detection.cells import apart
from bncourse.detection.stack import DetectorStack
from bncourse.experiments.running import average, fill_in_order

PAIRS = 19  # whose mean is as uncertain as a running average with an update rate of 0.1


def with_other_statistics(stack: DetectorStack) -> dict[str, Tensor]:
    """Return the hits on the test split with other statistics than the running ones, (E,) each.

    ``test_accuracy_one`` is with the mean of the statistics of 19 pairs of training images: as
    noisy as what one device with two images has kept, where nothing was averaged over devices.
    ``test_accuracy_exact`` is with those of the whole training split ("precise batch norm": Wu &
    Johnson 2021, section 3), each norm's after those below it. The weights stay as they are.

    Parameters
    ----------
    stack : DetectorStack
        trained; it keeps the exact statistics
    """
    x = torch.cat([x for x, _ in stack.pieces("train")])
    average(stack.network, x[: 2 * PAIRS].split(2))
    one = stack.score("test")["test_accuracy"]
    fill_in_order(stack.network, x)
    return {"test_accuracy_one": one, "test_accuracy_exact": stack.score("test")["test_accuracy"]}


@torch.no_grad()
def named_and_found(stack: DetectorStack) -> dict[str, Tensor]:
    """Return how often the class is right, and how often the place is, on the test split, (E,).

    Parameters
    ----------
    stack : DetectorStack
        trained
    """
    stack.network.eval()
    found = [apart(stack.network(x), y) for x, y in stack.pieces("test")]
    stack.network.train()
    named, placed = (torch.cat(parts).double().mean(0) for parts in zip(*found, strict=True))
    return {"test_named": named, "test_found": placed}
