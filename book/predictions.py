"""Sphinx extension: a prediction with choices folds what follows it until the reader has chosen.

In a notebook a prediction is an admonition of the class ``predict`` with a list of choices; further
down, one of the class ``expected`` has a sentence on each. Without a script that is all there is.
Here each prediction gets a name that stays the same when others come and go, and its controls,
which ``_static/predictions.js`` shows and moves.
"""

import hashlib

from docutils import nodes
from sphinx.locale import get_translation

_ = get_translation("predictions")
CONTROLS = """
<div class="prediction-controls" hidden>
<p class="prediction-wait">{wait}</p>
<p class="prediction-answer" role="status"></p>
<p><button type="button" class="prediction-fold">{fold}</button>
<button type="button" class="prediction-all">{all}</button></p>
</div>
"""


def is_prediction(node):
    """Return whether a node is a prediction with choices."""
    return (
        isinstance(node, nodes.admonition)
        and "predict" in node["classes"]
        and any(isinstance(child, nodes.bullet_list) for child in node)
    )


def add_controls(app, doctree):
    """Name the predictions of a page, and add their controls."""
    words = {
        "wait": _("What follows is folded until you have chosen."),
        "fold": _("Forget my answer and fold what follows"),
        "all": _("Show what follows the predictions, on all pages"),
    }
    for node in doctree.findall(is_prediction):
        node["ids"].append("predict-" + hashlib.sha256(node.astext().encode()).hexdigest()[:8])
        node += nodes.raw("", CONTROLS.format(**words), format="html")


def setup(app):
    """Register the hook."""
    app.connect("doctree-read", add_controls)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
