"""Sphinx extension: the line above folded code says what the code is for.

What a cell gives tells what it is for: a figure, or a claim with its evidence. Other folded cells
keep the words of ``nb_code_prompt_show``. Screen readers hear the same words.
"""

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode, depart_HideCellInput
from sphinx.locale import get_translation
from sphinx.transforms.post_transforms import SphinxPostTransform

_ = get_translation("prompts")


def purpose(cell):
    """Return what folded code is for, in words, or None if its outputs do not tell."""
    if any('class="claim-card' in raw.astext() for raw in cell.findall(nodes.raw)):
        return _("Show how the claim is checked")
    if next(cell.findall(nodes.image), None):
        return _("Show how the figure is drawn")
    return None


class NameFoldedCode(SphinxPostTransform):
    """Name folded code by its purpose, just before it is folded."""

    default_priority = 198
    formats = ("html",)

    def run(self, **kwargs):
        """Name the folded cells of a page."""
        for cell in self.document.findall(nodes.container):
            if cell.get("nb_element") == "cell_code" and cell.get("hide_mode") == "input":
                cell["prompt_show"] = purpose(cell) or cell["prompt_show"]


def visit_folded(translator, node):
    """Begin the box, as MyST-NB does but for its label, which hides the words from some readers."""
    classes = " ".join(["admonition", "hide", *node["classes"]])
    translator.body.append(
        f'<details class="{classes}">\n<summary>\n'
        f'<p class="collapsed admonition-title">{translator.encode(node["prompt_show"])}</p>\n'
        f'<p class="expanded admonition-title">{translator.encode(node["prompt_hide"])}</p>\n'
        "</summary>\n"
    )


def setup(app):
    """Register the transform and the box."""
    app.setup_extension("myst_nb")
    app.add_post_transform(NameFoldedCode)
    app.add_node(HideCodeCellNode, override=True, html=(visit_folded, depart_HideCellInput))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
