"""A batch in parts, each with its own statistics."""

import numpy as np

from bncourse.drawings.canvas import Canvas, Drawing
from bncourse.drawings.ink import BLUE, VERMILION
from bncourse.drawings.texts import texts
from bncourse.scratch import moments_of

LEFT, RIGHT, GAP = 12, 488, 20  # ends of the batch, and the room between its parts
WHOLE, PARTS = 72, 226  # heights where the values are 0
HALF = 60  # of the height of a frame
SEED = 22


def ghost_batches(n: int = 12, parts: int = 3) -> Drawing:
    """Draw a batch with the mean and spread of all its values, and again with those of its parts.

    Parameters
    ----------
    n : int
        how many values there are
    parts : int
        into how many equal parts they go; a divisor of ``n``

    Returns
    -------
    Drawing

    Raises
    ------
    ValueError
        the parts would not be equal
    """
    if parts < 1 or n % parts:
        raise ValueError(f"{n} values do not make {parts} equal parts: give a divisor of {n}")
    values = np.random.default_rng(SEED).normal(size=n)
    words = texts("ghost_batches", n=n, parts=parts, size=n // parts)
    sheet, unit = Canvas(500, 316), (HALF - 12) / float(abs(values).max())
    _frame(sheet, values, (LEFT, RIGHT), WHOLE, unit, BLUE, "μ, σ²")
    width = (RIGHT - LEFT - GAP * (parts - 1)) / parts
    for k, part in enumerate(np.split(values, parts)):
        left = LEFT + k * (width + GAP)
        name = f"μ_{{{k + 1}}}, σ²_{{{k + 1}}}"
        _frame(sheet, part, (left, left + width), PARTS, unit, VERMILION, name)
    return sheet.finish(words["title"], words["text"])


def _frame(sheet, values, ends, height, unit, colour, name):
    """Draw values in a frame, over the line of their mean and the band of their spread."""
    moments, (left, right) = moments_of(values, 0), ends
    middle, width = (left + right) / 2, right - left
    mean, std = float(moments.mean), float(moments.var) ** 0.5
    sheet.box((middle, height), (width, 2 * HALF), fill=0, width=1.2)
    level = height - unit * mean
    sheet.box((middle, level), (width, 2 * unit * std), colour, 0.22, width=0, corner=0)
    sheet.line((left, level), (right, level), colour=colour, width=3)
    for k, value in enumerate(values):
        place = left + width * (k + 0.5) / len(values)
        sheet.dot((place, height - unit * value), 5.5)
    sheet.formula((middle, height + HALF + 17), name, size=17)
