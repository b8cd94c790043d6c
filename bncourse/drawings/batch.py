"""Four values on their way through batch norm."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from bncourse import scratch
from bncourse.drawings.canvas import Canvas, Drawing, shortened
from bncourse.drawings.ink import BLUE, GREEN, PURPLE, VERMILION
from bncourse.drawings.texts import texts

COLOURS = (BLUE, VERMILION, GREEN, PURPLE)
NAMES = ("x", "x̂", "y")
ROWS = (32, 160, 288)  # heights of the number lines
LEFT, RIGHT = 44, 376  # where their ends are
COLUMN = 452  # the middle of the column of formulas
RADIUS = 7  # of a point
POLYGONS = ((4, 45, 1.25), (4, 0, 1.3), (3, 90, 1.4))  # corners, turn, and size in radii
MOST_TICKS = 7


class Scale(NamedTuple):
    """From numbers to places on a number line.

    Parameters
    ----------
    low, high : float
        the numbers at its ends
    """

    low: float
    high: float

    def place(self, number: float) -> float:
        """Return where a number is, in units of the drawing from the left."""
        return LEFT + (RIGHT - LEFT) * (number - self.low) / (self.high - self.low)

    def ticks(self) -> list[float]:
        """Return a few round numbers between the ends."""
        rough = (self.high - self.low) / MOST_TICKS
        unit = 10.0 ** math.floor(math.log10(rough))
        step = next(unit * times for times in (1, 2, 5, 10) if unit * times >= rough)
        return [step * k for k in range(math.ceil(self.low / step), int(self.high // step) + 1)]


def batch_through_batch_norm(
    x: Sequence[float] = (2.0, 3.0, 5.0, 8.0), gamma: float = 1.5, beta: float = 2.0
) -> Drawing:
    """Draw four values of a feature on their way through batch norm: ``x``, ``x_hat`` and ``y``.

    The three number lines have one scale, so one sees the mean go to 0 and the spread to 1, and
    then to β and γ.

    Parameters
    ----------
    x : sequence of 4 floats
        the values, not all equal; where they are far apart, those of ``x_hat`` look like one
    gamma, beta : float
        scale, above 0, and shift

    Returns
    -------
    Drawing
    """
    column = np.array(x, float)[:, None]
    x_hat, cache = scratch.batch_norm(column)
    y, _ = scratch.batch_norm(column, np.array([float(gamma)]), np.array([float(beta)]))
    rows = [values[:, 0] for values in (column, x_hat, y)]
    spread = 1 / cache.inv_std[0]
    ends = min(map(min, rows)), max(map(max, rows))
    scale, sheet = Scale(ends[0] - 0.5 * spread, ends[1] + 0.25 * spread), Canvas(520, 330)
    _ticks(sheet, scale)
    for name, values, height in zip(NAMES, rows, ROWS, strict=True):
        _number_line(sheet, name, height)
        _mean_and_spread(sheet, scale, values, height)
    for number, path in enumerate(np.transpose(rows)):
        _trace(sheet, number, [(scale.place(v), h) for v, h in zip(path, ROWS, strict=True)])
    shown = {"mean": cache.moments.mean[0], "spread": spread, "gamma": gamma, "beta": beta}
    words = texts("batch_through_batch_norm", **{key: f"{v:.3g}" for key, v in shown.items()})
    _column(sheet, words)
    return sheet.finish(words["title"], words["text"])


def _ticks(sheet, scale):
    for tick in scale.ticks():
        place = scale.place(tick)
        sheet.line((place, ROWS[0]), (place, ROWS[-1] + 14), width=1, opacity=0.2)
        sheet.write((place, ROWS[-1] + 27), f"{tick:g}".replace("-", "−"), size=13)


def _number_line(sheet, name, height):
    sheet.formula((20, height), name, size=22)
    sheet.line((LEFT, height), (RIGHT, height), width=1.2)


def _mean_and_spread(sheet, scale, values, height):
    """Mark all within one standard deviation of the mean, and the mean."""
    mean, std = values.mean(), values.std()
    middle, width = scale.place(mean), 2 * std * (scale.place(1) - scale.place(0))
    sheet.box((middle, height), (width, 28), fill=0.12, width=0, corner=4)
    sheet.line((middle, height - 18), (middle, height + 18), width=2.5)


def _trace(sheet, number, places):
    """Draw one value on all lines, and arrows from line to line."""
    for start, end in zip(places, places[1:], strict=False):
        ends = shortened(start, end, RADIUS + 2, RADIUS + 3)
        sheet.arrow(*ends, colour=COLOURS[number], width=2)
    for place in places:
        _point(sheet, number, place)


def _point(sheet, number, place):
    """Draw a disc, a square, a diamond or a triangle, all about as large."""
    if number == 0:
        return sheet.dot(place, RADIUS, colour=COLOURS[0])
    corners, turn, radius = POLYGONS[number - 1]
    angles = [math.radians(turn + 360 * k / corners) for k in range(corners)]
    (x, y), r = place, radius * RADIUS
    outline = [(x + r * math.cos(a), y - r * math.sin(a)) for a in angles]
    return sheet.shape(*outline, colour=COLOURS[number])


def _column(sheet, words):
    """Write mean and spread of each line beside it, and between the lines what is done."""
    for row, height in zip(("before", "standardized", "after"), ROWS, strict=True):
        for line, shift in zip(words[row], (-10, 10), strict=True):
            sheet.formula((COLUMN, height + shift), line, size=16)
    first, second, third = ROWS
    sheet.formula((COLUMN - 32, (first + second) / 2), "x̂ =", size=18)
    sheet.fraction((COLUMN + 26, (first + second) / 2), "x − μ", "√(σ² + ε)", 76, size=18)
    sheet.formula((COLUMN, (second + third) / 2), "y = γ x̂ + β", size=18)
