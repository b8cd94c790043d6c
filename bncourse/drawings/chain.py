"""A network as a chain of layers: values go forwards, gradients come back."""

from collections.abc import Sequence

import numpy as np

from bncourse.drawings.canvas import Canvas, Drawing
from bncourse.drawings.ink import BLUE, VERMILION
from bncourse.drawings.texts import texts
from bncourse.scratch import Sigmoid

WIDTH, MIDDLE = 540, 42  # of the sheet; the height of the chain
APART = 9  # of the two arrows from the middle
BOX, HEIGHT = 58, 50  # size of a layer
MOST = 6  # layers that find room
EDGE, LETTER = 6, 24  # room at both ends, and for x and L
FLOOR, TALLEST = 196, 72  # of the bars


def network_as_a_chain(layers: int | Sequence[str] = 4, factor: float | None = None) -> Drawing:
    """Draw the layers of a network in a row, with the size of the gradient that reaches each.

    Parameters
    ----------
    layers : int or sequence of str
        how many there are, up to 6, or what is written on each, from the input to the loss
    factor : float or None
        what the gradient is multiplied by from layer to layer; None for the steepest slope of a
        sigmoid, 1/4

    Returns
    -------
    Drawing

    Raises
    ------
    ValueError
        there is no layer, or no room for so many
    """
    factor = _steepest_slope() if factor is None else factor
    count = layers if isinstance(layers, int) else len(layers)
    if not 1 <= count <= MOST:
        raise ValueError(f"there is room for 1 to {MOST} layers, got {count}")
    words = texts("network_as_a_chain", count=count, factor=f"{factor:.3g}")
    names = [words["layer"].replace("#", str(k + 1)) for k in range(count)]
    names = names if isinstance(layers, int) else layers
    sheet, middles = Canvas(WIDTH, 226), _middles(count)
    sheet.formula((middles[0], MIDDLE), "x", size=22)
    sheet.formula((middles[-1], MIDDLE), "L", size=22)
    for name, middle in zip(names, middles[1:-1], strict=True):
        sheet.box((middle, MIDDLE), (BOX, HEIGHT))
        sheet.write((middle, MIDDLE), name, size=14)
    _arrows(sheet, middles, f"× {factor:.3g}")
    _bars(sheet, middles[1:-1], factor ** np.arange(count)[::-1])
    return sheet.finish(words["title"], words["text"])


def _steepest_slope():
    sigmoid, middle = Sigmoid(), np.zeros((1, 1))
    sigmoid.forward(middle)
    return float(sigmoid.backward(np.ones_like(middle))[0, 0])


def _middles(count):
    """Return where x, the layers and L stand: with arrows of one length between them."""
    arrow = (WIDTH - 2 * EDGE - 2 * LETTER - BOX * count) / (count + 1)
    first = EDGE + LETTER + arrow + BOX / 2
    layers = [first + (BOX + arrow) * k for k in range(count)]
    return [EDGE + LETTER / 2, *layers, WIDTH - EDGE - LETTER / 2]


def _arrows(sheet, middles, factor):
    """Draw the values that go to the right, and the gradients that come back to the left."""
    last = len(middles) - 2
    for k, (start, end) in enumerate(zip(middles, middles[1:], strict=False)):
        left = start + (BOX / 2 if k else LETTER / 2) + 4
        right = end - (BOX / 2 if k < last else LETTER / 2) - 4
        sheet.arrow((left, MIDDLE - APART), (right, MIDDLE - APART), colour=BLUE)
        if k > 0:
            sheet.formula(((left + right) / 2, MIDDLE - APART - 15), f"a_{k}", size=16)
            ends = (right, MIDDLE + APART), (left, MIDDLE + APART)
            sheet.arrow(*ends, colour=VERMILION, dash="5 3")
        if 0 < k < last:
            sheet.write(((left + right) / 2, MIDDLE + HEIGHT / 2 + 12), factor, size=14)


def _bars(sheet, middles, sizes):
    """Draw how large the gradient is in each layer."""
    for middle, size in zip(middles, sizes, strict=True):
        height = max(TALLEST * size / max(sizes), 1.5)
        sheet.box((middle, FLOOR - height / 2), (26, height), VERMILION, fill=1, width=0, corner=0)
        sheet.write((middle, FLOOR + 16), f"{size:.3g}", size=14)
    sheet.fraction((middles[0] - BOX / 2 - 26, FLOOR - 30), "∂L", "∂z", 26)
    sheet.line((middles[0] - BOX / 2, FLOOR), (middles[-1] + BOX / 2, FLOOR), width=1.2)
