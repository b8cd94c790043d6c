"""The drawings of the book: what is not a plot of data, in one style.

Each function returns a ``Drawing``, which shows itself in a notebook. A drawing is SVG that stands
in the page itself, and no image file, for these reasons.

- It takes the ink of the text around it (``currentColor``), and its hues are mixed with that ink,
  so that one and the same output is legible on white, in the dark and on paper, in the book as in
  JupyterLab, without a style sheet or a script. That is why its type is ``text/html``: pages
  show ``image/svg+xml`` as an image of its own, which knows nothing of their ink.
- It is sharp at any size, and shrinks to the width of a phone.
- Its text is text. The words come from ``texts.toml``, whole, so that they can be translated.
- Its text alternative is in it, for a screen reader, and is what a terminal shows.
- It needs NumPy alone, and is the same on every machine to the last byte, so the test of the
  notebooks compares it, as it cannot compare plots.

What is a number in a drawing was computed by ``bncourse.scratch``. Nothing is told by colour alone.
"""

from bncourse.drawings.backward import backward_graph, forward_graph
from bncourse.drawings.batch import batch_through_batch_norm
from bncourse.drawings.canvas import Drawing
from bncourse.drawings.chain import network_as_a_chain
from bncourse.drawings.circle import circle
from bncourse.drawings.ghost import ghost_batches
from bncourse.drawings.modes import two_modes
from bncourse.drawings.pool import pooled_block, pooled_blocks
from bncourse.drawings.residual import residual_blocks
from bncourse.drawings.tree import troubleshooting_tree

__all__ = [
    "Drawing",
    "backward_graph",
    "batch_through_batch_norm",
    "circle",
    "forward_graph",
    "ghost_batches",
    "network_as_a_chain",
    "pooled_block",
    "pooled_blocks",
    "residual_blocks",
    "troubleshooting_tree",
    "two_modes",
]
