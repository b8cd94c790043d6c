"""What a detector is to say of the cells of an image, and whether it was right.

An image is cut into 4 by 4 cells of 4 by 4 pixels. Of each the network says 13 numbers: is the
middle of the digit here; ten for the class; how far down and how far right of the middle of the
cell that is, in units of a cell.
"""

import torch
from torch import Tensor

from bncourse.detection.scenes import CANVAS, CLASSES, PLACES, SIDE

CELL = 4  # side of a cell; unit: pixel
CELLS = CANVAS // CELL
OVERLAP = 0.5  # of the two boxes, their intersection over their union, at least


def targets(labels: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Return cell (...), class (...) and offset (..., 2), in units of a cell, of each label.

    Parameters
    ----------
    labels : Tensor of int, (...)
        of ``bncourse.detection.scenes``
    """
    corners = _corners(labels)
    middles = corners + SIDE / 2
    cells = (middles / CELL).floor().long()
    offsets = middles / CELL - cells - 0.5
    return cells[..., 0] * CELLS + cells[..., 1], labels % CLASSES, offsets


def boxes(said: Tensor) -> tuple[Tensor, Tensor]:
    """Return class (N, E) and upper left corner (N, E, 2), in pixels, of what is found.

    Parameters
    ----------
    said : Tensor, ``(N, E, 13, H, W)``
        of the network: the cell that is most sure of the digit decides
    """
    said = said.flatten(3)
    cells = said[:, :, 0].argmax(2)
    here = said.gather(3, cells[..., None, None].expand(*said.shape[:3], 1)).squeeze(3)
    at = torch.stack([cells // CELLS, cells % CELLS], -1)
    middles = CELL * (at + 0.5 + here[:, :, -2:])
    return here[:, :, 1:-2].argmax(2), middles - SIDE / 2


def apart(said: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
    """Return where the class is right, and where the box overlaps the true one by half, (N, E)."""
    classes, corners = boxes(said)
    both = (SIDE - (corners - _corners(labels)).abs()).clamp(min=0).prod(-1)
    return classes == labels % CLASSES, both / (2 * SIDE**2 - both) >= OVERLAP


def hits(said: Tensor, labels: Tensor) -> Tensor:
    """Return where class and place are both right, (N, E)."""
    named, found = apart(said, labels)
    return named & found


def _corners(labels):
    """Return row and column of the upper left pixel of each digit, (..., 2)."""
    places = labels // CLASSES
    return torch.stack([places // PLACES, places % PLACES], -1)
