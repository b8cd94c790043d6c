"""A Matplotlib backend that hands a figure over where ``plt.show()`` stands, as a notebook does.

Matplotlib takes it by its name: ``MPLBACKEND=module://figures``.
"""

import kernel
from matplotlib.backend_bases import FigureManagerBase
from matplotlib.backends.backend_agg import FigureCanvasAgg


class _Manager(FigureManagerBase):
    @classmethod
    def pyplot_show(cls, *, block=None):
        """Show the open figures of the cell that runs."""
        kernel.current.show_figures()


class FigureCanvas(FigureCanvasAgg):
    """Draws into memory."""

    manager_class = _Manager
