"""The blocks of networks with and without a skip connection, and where the norm stands in them."""

from bncourse.drawings.canvas import Canvas, Drawing
from bncourse.drawings.ink import BLUE, VERMILION
from bncourse.drawings.texts import texts

BLOCKS = {  # what the values pass from top to bottom; a plus is where the skip comes back
    "plain": ("W", "norm", "φ"),
    "post": ("W", "norm", "+", "φ"),
    "pre": ("norm", "φ", "W", "+"),
}
FORMULAS = {"plain": "φ(norm(W x))", "post": "φ(x + norm(W x))", "pre": "x + W φ(norm(x))"}
COLUMNS = (82, 252, 422)
TOP, BOTTOM, STEP = 58, 330, 56
BOX = (84, 34)


def residual_blocks() -> Drawing:
    """Draw a plain, a post-activation and a pre-activation block side by side.

    They are those of ``bncourse.experiments``: phi(norm(W x)), phi(x + norm(W x)) as in He et al.
    (2016a), and x + W phi(norm(x)) as in He et al. (2016b).

    Returns
    -------
    Drawing
    """
    words, sheet = texts("residual_blocks"), Canvas(520, 386)
    for (kind, steps), middle in zip(BLOCKS.items(), COLUMNS, strict=True):
        sheet.write((middle, 16), words["name"][kind], size=15, bold=True)
        sheet.formula((middle, BOTTOM + 36), FORMULAS[kind], size=17)
        _chain(sheet, middle, steps)
    return sheet.finish(words["title"], words["text"])


def _chain(sheet, middle, steps):
    """Draw one block from x down to y."""
    heights = [TOP + 14 + STEP * (k + 1) - 10 for k in range(len(steps))]
    sheet.formula((middle, TOP - 10), "x", size=20)
    above = TOP + 2
    for step, height in zip(steps, heights, strict=True):
        half = 13 if step == "+" else BOX[1] / 2
        sheet.arrow((middle, above), (middle, height - half - 2))
        _step(sheet, (middle, height), step)
        above = height + half + 2
        if step == "+":
            _skip(sheet, middle, height)
    sheet.arrow((middle, above), (middle, BOTTOM - 2))
    sheet.formula((middle, BOTTOM + 8), "y", size=20)


def _step(sheet, place, step):
    if step == "+":
        sheet.dot(place, 13, fill=0.06, width=1.5)
        return sheet.formula(place, "+", size=20)
    colour = {"colour": BLUE, "fill": 0.25, "width": 2.5} if step == "norm" else {}
    sheet.box(place, BOX, **colour)
    return sheet.formula(place, step, size=18)


def _skip(sheet, middle, height):
    """Draw the way round, from under x to the plus."""
    side, start = middle + BOX[0] / 2 + 18, TOP + 13
    sheet.dot((middle, start), 3.5, VERMILION)
    way = (middle, start), (side, start), (side, height), (middle + 15, height)
    sheet.arrow(*way, colour=VERMILION)
