"""Pictures that the chapters share. The style of all of them is ``course.mplstyle``."""

from bncourse.extras import lacking

if error := lacking("bncourse.plots", "matplotlib", extra="plots"):
    raise error

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.lines import Line2D
from matplotlib.text import Annotation, Text
from matplotlib.transforms import offset_copy
from matplotlib.typing import ColorType
from numpy.typing import ArrayLike

DARK_ENOUGH = 0.18  # the luminance of a text on white, with a contrast of 4.56


def band(axes: Axes, x: Sequence[float] | np.ndarray, runs: ArrayLike, label: str) -> Line2D:
    """Draw the median of several runs as a line, and all between their extremes as a band.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    x : array_like, (T,)
        The positions of the values, in the unit of the x axis.
    runs : array_like, (S, T)
        One row a run (a seed), in the unit of the y axis. A nan in any run leaves a gap.
    label : str
        What the legend calls the line.

    Returns
    -------
    matplotlib.lines.Line2D
        The line of the medians.

    Raises
    ------
    ValueError
        If `runs` is not a table of S runs by T positions.
    """
    runs = np.asarray(runs)
    if runs.ndim != 2 or runs.shape[1] != len(x):
        raise ValueError(
            f"runs has shape {runs.shape}, and x has {len(x)} positions: "
            "give one row a run and one column a position"
        )
    (line,) = axes.plot(x, np.median(runs, axis=0), label=label)
    axes.fill_between(
        x, runs.min(axis=0), runs.max(axis=0), color=line.get_color(), alpha=0.2, linewidth=0
    )
    return line


def label_lines(axes: Axes, room: float = 6) -> list[Annotation]:
    """Write the label of each line beside its right end, in the line's colour.

    It takes the place of a legend. Call it last: it looks at where the lines end in the finished
    figure. Labels whose lines end close together are moved apart, by as little as possible and in
    the order of the lines; a thin leader then joins a label with the end of its line.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Its lines that have a label are labelled, the others are left alone.
    room : float
        Between the end that is furthest right and the labels, in points.

    Returns
    -------
    list of matplotlib.text.Annotation
        The labels, the lowest first.

    Raises
    ------
    ValueError
        If no line has a label, or a line with a label has no point in view.
    """
    lines = [line for line in axes.lines if not str(line.get_label()).startswith("_")]
    if not lines:
        raise ValueError("no line of the axes has a label: give one to plot(..., label=)")
    figure = axes.figure.figure  # the whole of it, where the axes are in a part
    figure.draw_without_rendering()  # so that the axes have their place
    ends = [_right_end(axes, line) for line in lines]
    right = max(x for x, _ in ends)
    order = sorted(range(len(lines)), key=lambda i: ends[i][1])
    labels = [_label(axes, lines[i], ends[i], right) for i in order]
    heights = np.array([Text.get_window_extent(label).height for label in labels])
    wanted = np.array([ends[i][1] for i in order])
    for i, label, place in zip(order, labels, moved_apart(wanted, heights), strict=True):
        moved = (place - ends[i][1]) * 72 / figure.dpi
        label.anncoords = offset_copy(axes.transData, figure, room, moved, units="points")
        straight = abs(moved) < 1 and right - ends[i][0] < 1
        label.arrow_patch.set_visible(not straight)
    return labels


def moved_apart(centres: np.ndarray, heights: np.ndarray) -> np.ndarray:
    """Return centres near the given ones, in their order, at which no two boxes overlap.

    The sum of squares of the moves is the smallest possible: boxes that would overlap form a
    block, which stands where their mean wants to be.

    Parameters
    ----------
    centres : ndarray, (K,)
        Where each box wants to be, in increasing order.
    heights : ndarray, (K,)
        The height of each box, in the same unit.

    Returns
    -------
    ndarray, (K,)
        Where each box is.
    """
    offsets = np.concatenate([[0], np.cumsum((heights[1:] + heights[:-1]) / 2)])
    blocks = []
    for start in centres - offsets:
        blocks.append([start])
        while len(blocks) > 1 and np.mean(blocks[-2]) > np.mean(blocks[-1]):
            last = blocks.pop()
            blocks[-1] += last
    return offsets + np.concatenate([np.full(len(block), np.mean(block)) for block in blocks])


def legible(color: ColorType) -> tuple[float, float, float]:
    """Return `color`, darkened as far as text on white needs: a contrast of 4.5 (WCAG 2).

    Parameters
    ----------
    color : any colour that Matplotlib knows

    Returns
    -------
    tuple of float, (3,)
        Red, green and blue from 0 to 1, in the proportions of `color`.
    """
    shade = np.array(to_rgb(color))
    light = np.where(shade <= 0.04045, shade / 12.92, ((shade + 0.055) / 1.055) ** 2.4)
    luminance = light @ [0.2126, 0.7152, 0.0722]
    light *= min(1, DARK_ENOUGH / max(luminance, DARK_ENOUGH))
    shade = np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
    red, green, blue = shade.tolist()
    return red, green, blue


def _right_end(axes, line):
    """Return the last point of `line` between the left and right edge, in pixels of the figure."""
    points = axes.transData.transform(line.get_xydata())
    box = axes.bbox
    seen = np.isfinite(points).all(axis=1)
    seen &= (points[:, 0] >= box.x0 - 1) & (points[:, 0] <= box.x1 + 1)
    if not seen.any():
        raise ValueError(
            f"the line {line.get_label()!r} has no point in view: change the limits of x, or "
            "give it a label that begins with '_' to leave it out"
        )
    x, y = points[seen][np.argmax(points[seen, 0])]
    return x, float(np.clip(y, box.y0, box.y1))


def _label(axes, line, end, right):
    """Write the label of `line` at the height of its `end`, with a leader from there."""
    to_data = axes.transData.inverted().transform
    return axes.annotate(
        line.get_label(),
        to_data(end),
        xytext=to_data((right, end[1])),
        textcoords="data",
        color=legible(line.get_color()),
        va="center",
        annotation_clip=False,
        arrowprops={
            "arrowstyle": "-",
            "color": line.get_color(),
            "linewidth": 0.8,
            "relpos": (0, 0.5),
            "shrinkA": 1,
            "shrinkB": 0,
        },
    )
