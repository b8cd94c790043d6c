"""Pictures that the chapters share. The style of all of them is ``course.mplstyle``."""

import numpy as np


def band(axes, x, runs, label):
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
