"""Sphinx extension: cells, claims and figures have addresses that stay, and links that show them.

A cell is named by its id in the notebook, a figure by its cell, and a claim by its card. The theme
links to headings and captions; the links to what has neither are added here.
"""

import json
import re
from pathlib import Path

from docutils import nodes
from sphinx.locale import get_translation
from sphinx.transforms.post_transforms import SphinxPostTransform

_ = get_translation("permalinks")
CARD = re.compile(r'<article class="claim-card [^>]*\bid="([^"]+)"')
DRAWING = 'class="drawing"'


class permalink(nodes.Element):  # noqa: N801
    """A link to the place where it stands: ``refid`` is its id, ``title`` what it is."""


def name_parts(app, doctree):
    """Give the cells, claims and figures of a page their ids, and say which need a link."""
    path = Path(app.env.doc2path(app.env.docname))
    if path.suffix == ".ipynb":
        cells = json.loads(path.read_text("utf-8"))["cells"]
        for node in doctree.findall(is_cell):
            name_cell(node, cells[node["cell_index"]]["id"])
    for section in doctree.findall(nodes.section):
        if section["ids"] == ["exercise-content"]:  # which sphinx-exercise calls all of them
            section["ids"] = [f"{section.parent['ids'][0]}-content"]
    for card in doctree.findall(nodes.compound):
        if "claim-card" in card["classes"]:
            offer(card, card["ids"][0], _("Link to this claim"))


def is_cell(node):
    """Return whether a node is a cell of code with its outputs."""
    return isinstance(node, nodes.container) and node.get("nb_element") == "cell_code"


def name_cell(cell, id):
    """Give a cell and its figures their ids."""
    cell["ids"].append(f"cell-{id}")
    for number, figure in enumerate(cell.findall(nodes.figure), 1):
        figure["ids"] = [f"figure-{id}" if number == 1 else f"figure-{id}-{number}"]
    for part in cell.children:
        html = "".join(raw.astext() for raw in part.findall(nodes.raw))
        if part["nb_element"] == "cell_code_source":
            offer(cell, f"cell-{id}", _("Link to this cell"))
        elif card := CARD.search(html):
            offer(part, card[1], _("Link to this claim"))
        elif DRAWING in html:
            part["ids"].append(f"figure-{id}")
            offer(part, f"figure-{id}", _("Link to this drawing"))


def offer(node, id, title):
    """Note that a node gets a link to an id."""
    node["permalink"] = {"refid": id, "title": title}


class AddPermalinks(SphinxPostTransform):
    """Add the links, once the code of cells is folded."""

    default_priority = 201
    formats = ("html",)

    def run(self, **kwargs):
        """Add the links of a page."""
        for node in list(self.document.findall(nodes.Element)):
            if "permalink" in node:
                node.insert(0, permalink("", **node["permalink"]))


def visit_permalink(translator, node):
    """Write a link as the theme writes those of headings."""
    icon = translator.config.html_permalinks_icon
    translator.body.append(
        f'<a class="headerlink" href="#{node["refid"]}" title="{node["title"]}">{icon}</a>'
    )
    raise nodes.SkipNode


def setup(app):
    """Register the hook, the transform and the link."""
    app.connect("doctree-read", name_parts)
    app.add_post_transform(AddPermalinks)
    app.add_node(permalink, html=(visit_permalink, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
