"""The block of values (N, C, H, W), and which of them share a mean and a spread, or a γ and a β."""

from functools import partial
from typing import Literal

import numpy as np

from bncourse import scratch
from bncourse.drawings.canvas import Canvas, Drawing
from bncourse.drawings.ink import BLUE, VERMILION
from bncourse.drawings.texts import texts

SHAPE = (4, 6, 2, 2)  # N, C, H, W; there are two groups of channels
CHOSEN = (0, 5, 0, 0)  # the value whose pool is shown
PER_CHANNEL, PER_VALUE = SHAPE[1:2], SHAPE[1:]
NORMS = {  # forwards, backwards, and how many γ there are
    "batch": (scratch.batch_norm, scratch.batch_norm_backward, PER_CHANNEL),
    "layer": (
        partial(scratch.layer_norm, normalized_shape=PER_VALUE),
        scratch.layer_norm_backward,
        PER_VALUE,
    ),
    "instance": (scratch.instance_norm, scratch.instance_norm_backward, PER_CHANNEL),
    "group": (
        partial(scratch.group_norm, num_groups=2),
        scratch.group_norm_backward,
        PER_CHANNEL,
    ),
    "rms": (
        partial(scratch.rms_norm, normalized_shape=PER_VALUE),
        scratch.rms_norm_backward,
        PER_VALUE,
    ),
}
CELL = 18.2  # the side of a value, seen from in front
BACK = (8.2, -7.2)  # from one sample to the next, which stands behind it
WIDE, HIGH = 180, 168  # the room that a block takes, with its name and its axes


def pooled_block(norm: Literal["batch", "layer", "instance", "group", "rms"] = "batch") -> Drawing:
    """Draw the block (N, C, H, W) with one pool of a norm filled, and outlined what shares its γ.

    Height and width are one axis here, for no norm tells them apart. Which values belong together
    is read from the norm's own backward pass.

    Parameters
    ----------
    norm : {"batch", "layer", "instance", "group", "rms"}
        which norm

    Returns
    -------
    Drawing

    Raises
    ------
    ValueError
        there is no such norm
    """
    if norm not in NORMS:
        raise ValueError(f"norm is {norm!r}: choose one of {', '.join(NORMS)}")
    words, sheet = texts("pooled_block"), Canvas(350, HIGH)
    _block(sheet, (0, 0), norm, words)
    _legend(sheet, (190, 70), words)
    return sheet.finish(words["name"][norm], words["text"][norm])


def pooled_blocks() -> Drawing:
    """Draw the blocks of all five norms side by side: see ``pooled_block``.

    Returns
    -------
    Drawing
    """
    words, sheet = texts("pooled_block"), Canvas(3 * WIDE, 2 * HIGH)
    for k, norm in enumerate(NORMS):
        _block(sheet, (k % 3 * WIDE, k // 3 * HIGH), norm, words)
    _legend(sheet, (2 * WIDE + 15, HIGH + 70), words)
    return sheet.finish(words["title"], " ".join(words["text"].values()))


def region(norm: str) -> tuple[np.ndarray, np.ndarray]:
    """Return which values share their statistics, and which their γ, with the chosen one.

    Parameters
    ----------
    norm : str
        one of the keys of ``NORMS``

    Returns
    -------
    pool, same_gamma : ndarray of bool, ``SHAPE``
    """
    forward, backward, gammas = NORMS[norm]
    x, gamma = np.random.default_rng(0).normal(1, 1, SHAPE), np.ones(gammas)
    y, cache = forward(x, gamma=gamma)
    grad = np.zeros(SHAPE)
    grad[CHOSEN] = 1
    dx, dgamma, *_ = backward(grad, cache)
    other, _ = forward(x, gamma=np.where(dgamma != 0, 2.0, 1.0))
    return dx != 0, other != y


def _block(sheet, corner, norm, words):
    """Draw one block with its name above and its axes at its sides."""
    place = _projection(corner[0] + 36, corner[1] + 62)
    n, c, s = SHAPE[0], SHAPE[1], SHAPE[2] * SHAPE[3]
    pool, same_gamma = (_ends(mask) for mask in region(norm))
    sheet.write(
        (corner[0] + WIDE / 2 + 10, corner[1] + 14), words["name"][norm], size=15, bold=True
    )
    for face in _faces(place, *pool):
        sheet.shape(*face, colour=BLUE, fill=0.85)
    sheet.lines(*_grid(place, n, c, s), width=0.8, opacity=0.55)
    for face in _faces(place, *same_gamma):
        sheet.shape(*face, colour=VERMILION, fill=0, width=2.6)
    sheet.formula(_shifted(place(0, c / 2, s), 0, 15), "C", size=16)
    if norm in words["lacks"]:
        sheet.formula(_shifted(place(0, c, s), 0, 15), words["lacks"][norm], size=15)
    sheet.formula(_shifted(place(0, 0, s / 2), -19, 0), "H, W", size=15)
    sheet.formula(_shifted(place(n / 2, 0, 0), -11, -7), "N", size=16)


def _legend(sheet, corner, words):
    (x, y), size = corner, CELL - 4
    sheet.box((x + size / 2, y), (size, size), BLUE, fill=0.85, width=0, corner=0)
    sheet.formula((x + size + 8, y), words["pool"], size=16, anchor="start")
    sheet.box((x + size / 2, y + 30), (size, size), VERMILION, fill=0, width=2.6, corner=0)
    sheet.formula((x + size + 8, y + 30), words["affine"], size=16, anchor="start")


def _projection(x, y):
    def place(n, c, s):
        return x + CELL * c + BACK[0] * n, y + CELL * s + BACK[1] * n

    return place


def _shifted(place, right, down):
    return place[0] + right, place[1] + down


def _ends(mask):
    """Return the first and one past the last index of what is marked, along N, C and H × W."""
    marked = np.argwhere(mask.reshape(*SHAPE[:2], -1))
    return marked.min(axis=0).tolist(), (marked.max(axis=0) + 1).tolist()


def _faces(place, low, high):
    """Return the faces of a part of the block that are seen: in front, above, at the right."""
    (n, c, s), (n2, c2, s2) = low, high
    yield place(n, c, s), place(n, c2, s), place(n, c2, s2), place(n, c, s2)
    yield place(n, c, s), place(n, c2, s), place(n2, c2, s), place(n2, c, s)
    yield place(n, c2, s), place(n2, c2, s), place(n2, c2, s2), place(n, c2, s2)


def _grid(place, n, c, s):
    """Return the lines between values on the three faces of the whole block."""
    for k in range(c + 1):
        yield place(n, k, 0), place(0, k, 0), place(0, k, s)
    for k in range(s + 1):
        yield place(0, 0, k), place(0, c, k), place(n, c, k)
    for k in range(1, n + 1):
        yield place(k, 0, 0), place(k, c, 0), place(k, c, s)
