"""The picture that is shown where a page is shared: ``python book/social_card.py`` draws it.

The title of the book, and below it four values on their way through batch norm, without a word.
"""

from pathlib import Path

import matplotlib
import numpy as np
import yaml
from matplotlib.figure import Figure

from bncourse import scratch
from bncourse.drawings.ink import HUES

ROOT = Path(__file__).parents[1]
STORED = ROOT / "_static" / "social-card.png"
PIXELS = (1200, 630)  # what is shown whole where pages are shared
DPI = 100
INK, LINE, GROUND = "#1f2328", "#c4cad2", "#ffffff"
VALUES = np.array([2.0, 3.0, 5.0, 8.0])
GAMMA, BETA = 1.5, 2.0
HEIGHTS = (0, -1, -2)  # of the number lines of x, x̂ and y
ENDS = (-2, 9)
MARKERS = "osD^"  # colours alone do not tell the values apart


def rows():
    """Return the values before, standardized, and after."""
    column = VALUES[:, None]
    x_hat, _ = scratch.batch_norm(column)
    y, _ = scratch.batch_norm(column, np.array([GAMMA]), np.array([BETA]))
    return np.hstack([column, x_hat, y])


def card(title):
    """Return the picture as a figure.

    Parameters
    ----------
    title : str
        of the book; each part before a comma has a line of its own
    """
    with matplotlib.rc_context({"font.family": "DejaVu Sans"}):
        figure = Figure(figsize=[side / DPI for side in PIXELS], dpi=DPI, facecolor=GROUND)
        figure.text(
            0.07, 0.92, title.replace(", ", ",\n"), size=56, weight="bold", color=INK, va="top"
        )
        axes = figure.add_axes((0.07, 0.05, 0.86, 0.5))
        axes.set_axis_off()
        axes.hlines(HEIGHTS, *ENDS, color=LINE, linewidth=3, zorder=1)
        for path, (colour, _), marker in zip(rows(), HUES.values(), MARKERS, strict=True):
            axes.plot(
                path, HEIGHTS, color=colour, linewidth=4, marker=marker, markersize=19, zorder=2
            )
        axes.set(xlim=ENDS, ylim=(-2.3, 0.3))
    return figure


def draw(path):
    """Write the picture to a PNG file."""
    title = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))["title"]
    card(title).savefig(path, metadata={"Software": None})


if __name__ == "__main__":
    draw(STORED)
