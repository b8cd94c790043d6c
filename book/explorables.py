"""Sphinx extension: an explorable is a picture that the reader moves, below a question.

In a notebook or on a page it is an admonition of the classes ``explorable`` and a name, with a
question and what there is to be found. That is all there is without a script, and on paper. Here it
gets a stage with the words that its script needs, from ``explorables.toml``; the script stands in
``_static/explorables/``, and is loaded by those pages alone.
"""

import json
import tomllib
from pathlib import Path

from docutils import nodes
from sphinx.util import logging

FOLDER = "explorables/"  # in _static
BASE = ("numbers.js", "sheet.js", "explorable.js")
MEASURED = {"layers"}  # what has a script with data: see measured_layers.py
WORDS = Path(__file__).with_suffix(".toml")
STAGE = """<div class="explorable-stage" data-explorable="{name}">
<p class="explorable-still">{still}</p>
<script type="application/json">{words}</script>
</div>"""
logger = logging.getLogger(__name__)


def common():
    """Return the words that all explorables share."""
    return tomllib.loads(WORDS.read_text("utf-8"))["common"]


def words():
    """Return the words of each explorable by its name, with those that all share."""
    kinds = tomllib.loads(WORDS.read_text("utf-8"))
    return {name: common() | own for name, own in kinds.items() if name != "common"}


def files(name):
    """Return the scripts of an explorable, in the order in which they run."""
    data = [f"{name}-data.js"] if name in MEASURED else []
    return [*BASE, *data, f"{name}.js"]


def is_explorable(node):
    """Return whether a node is an explorable."""
    return isinstance(node, nodes.admonition) and "explorable" in node["classes"]


def name_of(node):
    """Return the name of an explorable, the class of it that words are known for, or None."""
    return next((name for name in node["classes"] if name in words()), None)


def add_stages(app, doctree):
    """Give the explorables of a page their stages."""
    app.env.note_dependency(str(WORDS))
    for node in doctree.findall(is_explorable):
        name = name_of(node)
        if name is None:
            known = ", ".join(words())
            logger.warning(
                "an explorable of the classes %s: add one of %s to its :class:",
                " ".join(node["classes"]),
                known,
                location=node,
            )
            continue
        node["ids"].append(f"explorable-{name}")
        node += nodes.raw("", stage(name), format="html")


def stage(name):
    """Return the stage of an explorable as HTML."""
    own = words()[name]
    data = json.dumps(own, ensure_ascii=False).replace("<", "\\u003c")
    return STAGE.format(name=name, still=own["still"], words=data)


def leave_out_of_other_pages(app, config):
    """Take back what Jupyter Book does: it adds every script and style in ``_static``."""
    for files in (config.html_js_files, config.html_css_files):
        files[:] = [file for file in files if not str(file).startswith(FOLDER)]


def add_scripts(app, pagename, templatename, context, doctree):
    """Add to a page the scripts of its explorables, to run in this order once it is read."""
    names = filter(None, map(name_of, doctree.findall(is_explorable))) if doctree else ()
    for file in dict.fromkeys(file for name in names for file in files(name)):
        app.add_css_file(f"{FOLDER}explorables.css")
        app.add_js_file(f"{FOLDER}{file}", loading_method="defer")


def setup(app):
    """Register the hooks."""
    app.connect("config-inited", leave_out_of_other_pages)
    app.connect("doctree-read", add_stages)
    app.connect("html-page-context", add_scripts)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
