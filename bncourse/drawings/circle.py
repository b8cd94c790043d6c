"""The circle: where batch norm puts a feature of a batch of three, and what it lets back."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from bncourse import scratch
from bncourse.drawings.canvas import Canvas, Drawing, Place, between, shortened
from bncourse.drawings.ink import BLUE, GREEN, PURPLE, TINT, VERMILION
from bncourse.drawings.texts import texts

ONES: np.ndarray = np.ones(3)
ACROSS = np.array([1.0, -1.0, 0.0]), np.array([1.0, 1.0, -2.0])  # two directions in the plane
TURN, TILT = np.radians(-80), np.radians(31)  # of the plane; of the eye above the plane
RADIUS = 3**0.5  # of the circle: three values with the variance 1


class View(NamedTuple):
    """How directions in space are seen on the sheet.

    Parameters
    ----------
    right, up : ndarray, (3,)
        the unit vectors that are seen going to the right and up
    origin : tuple of float
        the place of 0
    unit : float
        how long 1 is
    """

    right: np.ndarray
    up: np.ndarray
    origin: tuple
    unit: float

    def place(self, point: np.ndarray) -> Place:
        """Return where a point is seen."""
        x, y = self.origin
        return x + self.unit * float(self.right @ point), y - self.unit * float(self.up @ point)


def circle(x: Sequence[float] = (0.5, 1.0, 2.0), g: Sequence[float] = (1.0, -0.5, 1.5)) -> Drawing:
    """Draw three values of a feature as a point in space, on its way to a circle and back.

    Above, taking off the mean leads ``x`` along (1, 1, 1) to the plane of all ``d`` with mean
    0, and dividing by the spread to the circle of radius √3; back, the gradient ``g`` for ``x_hat``
    loses its part along (1, 1, 1). Below, the same plane seen from there: it loses its part
    along ``x_hat``, and what is left is tangent to the circle.

    Parameters
    ----------
    x : sequence of 3 floats
        the values, not all equal
    g : sequence of 3 floats
        the gradient of some loss for ``x_hat``, of which something must be left

    Returns
    -------
    Drawing
    """
    points = steps(x, g)
    words, sheet = texts("circle"), Canvas(440, 466)
    right, behind, ones = _directions()
    up = np.cos(TILT) * ones + np.sin(TILT) * behind
    _from_the_side(sheet, View(right, up, (150, 162), 54), points)
    _from_above(sheet, View(right, behind, (150, 343), 54), points)
    return sheet.finish(words["title"], words["text"])


def steps(x: Sequence[float], g: Sequence[float]) -> dict[str, np.ndarray]:
    """Return the points that the drawing shows, from the package's forward and backward pass.

    Parameters
    ----------
    x, g : sequence of 3 floats
        the values, and the gradient for their ``x_hat``

    Returns
    -------
    dict of str to ndarray, (3,)
        ``x``; ``d``, its distance from the mean; ``x_hat``; ``g``; ``level``, ``g`` less its mean;
        and ``left``, what the layer lets through, times ``s``
    """
    column, grad = (np.array(values, float)[:, None] for values in (x, g))
    x_hat, cache = scratch.batch_norm(column, eps=0.0)
    dx, *_ = scratch.batch_norm_backward(grad, cache)
    mean = cache.moments.mean
    found = {
        "x": column,
        "d": column - mean,
        "x_hat": x_hat,
        "g": grad,
        "level": grad - scratch.moments_of(grad, 0).mean,
        "left": dx / cache.inv_std,
    }
    return {name: values[:, 0] for name, values in found.items()}


def _directions():
    """Return the unit vectors to the right, to behind, and along (1, 1, 1)."""
    first, second, ones = (v / np.linalg.norm(v) for v in (*ACROSS, ONES))
    right = np.cos(TURN) * first + np.sin(TURN) * second
    return right, np.cross(ones, right), ones


def _ring(view, radius):
    right, behind, _ = _directions()
    angles = np.radians(np.arange(2, 362, 4))
    return [view.place(radius * (np.cos(a) * right + np.sin(a) * behind)) for a in angles]


def _plane(sheet, view):
    sheet.shape(*_ring(view, 2.2), fill=TINT)
    sheet.shape(*_ring(view, RADIUS), fill=0, width=2)


def _from_the_side(sheet, view, points):
    """Draw the way from x to the circle, and the part of the gradient along (1, 1, 1) that goes."""
    origin = view.place(0 * ONES)
    _plane(sheet, view)
    for k, axis in enumerate(np.eye(3)):
        sheet.arrow(origin, view.place(2.1 * axis), width=1)
        sheet.formula(view.place(2.4 * axis), f"x_{k + 1}", size=15)
    sheet.line(origin, view.place(1.7 * ONES), dash="2 4", width=1.2)
    sheet.formula(view.place(1.88 * ONES), "(1, 1, 1)", size=15)
    x, d, x_hat = (view.place(points[name]) for name in ("x", "d", "x_hat"))
    tip, level = (view.place(points["x_hat"] + points[name]) for name in ("g", "level"))
    sheet.arrow(*shortened(x, d, 6, 7), colour=BLUE, dash="6 3")
    sheet.arrow(*shortened(d, x_hat, 6, 7), colour=BLUE)
    sheet.arrow(x_hat, tip, colour=VERMILION, width=2.5)
    _lose(sheet, tip, level, "mean(g)", VERMILION)
    sheet.arrow(x_hat, level, colour=PURPLE, width=2.5)
    label = (level[0] + 8, level[1] + 12)
    sheet.formula(label, "g − mean(g)", size=16, anchor="start", colour=PURPLE)
    sheet.formula((tip[0] + 4, tip[1] - 13), "g", size=18, colour=VERMILION)
    _points(sheet, (x, "x"), (d, "d"), (x_hat, "x̂"))


def _from_above(sheet, view, points):
    """Draw the plane as it is, and the part of the gradient along x_hat that goes."""
    origin = view.place(0 * ONES)
    _plane(sheet, view)
    d, x_hat = (view.place(points[name]) for name in ("d", "x_hat"))
    level, left = (view.place(points["x_hat"] + points[name]) for name in ("level", "left"))
    rim = _ring(view, RADIUS)[36]
    sheet.line(rim, origin, width=1.2)
    middle = between(rim, origin, 0.5)
    sheet.formula((middle[0], middle[1] - 13), "√3", size=16)
    sheet.line(origin, shortened(origin, x_hat, 0, 7)[1], dash="2 4", width=1.2)
    sheet.dot(origin, 2.5)
    sheet.arrow(*shortened(d, x_hat, 6, 7), colour=BLUE)
    _right_angle(sheet, x_hat, origin, left)
    sheet.arrow(x_hat, level, colour=PURPLE, width=2.5)
    _lose(sheet, level, left, "x̂ mean(g x̂)", PURPLE)
    sheet.arrow(x_hat, left, colour=GREEN, width=3)
    sheet.formula((left[0] + 6, left[1] - 14), "s ∂L/∂x", size=17, colour=GREEN)
    _points(sheet, (d, "d"), (x_hat, "x̂"))


def _lose(sheet, tip, left, removed, colour):
    """Draw the part of a gradient that is removed, from its tip to that of what is left."""
    sheet.line(tip, left, colour=colour, dash="2 3", width=2)
    x, y = max(tip[0], left[0]) + 10, (tip[1] + left[1]) / 2
    sheet.formula((x, y), removed, size=16, anchor="start", colour=colour)


def _right_angle(sheet, corner, first, second):
    """Mark the right angle at a corner, between the directions of two places."""
    one, two = (shortened(corner, place, 11, 0)[0] for place in (first, second))
    far = tuple(a + b - c for a, b, c in zip(one, two, corner, strict=True))
    sheet.line(one, far, two, width=1)


def _points(sheet, *points):
    for (x, y), name in points:
        sheet.dot((x, y), 5, BLUE)
        sheet.formula((x, y + 17) if name == "x̂" else (x - 12, y + 8), name, size=19)
