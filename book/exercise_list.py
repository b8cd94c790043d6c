"""Sphinx extension: the directive ``{exercise-list}`` lists the exercises that can be checked."""

import json
import tomllib
from html import escape
from pathlib import Path

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

EXERCISES = Path(__file__).parents[1] / "bncourse" / "exercises"
SCRIPT = "exercise-progress.js"
PROGRESS = '<p class="exercise-progress" role="status" data-exercises="{data}" hidden></p>'


def read(path):
    """Return the data of one TOML file."""
    return tomllib.loads(path.read_text("utf-8"))


class ExerciseList(SphinxDirective):
    """One table: each exercise with its chapter, its difficulty and its minutes.

    Beside it a script shows what the reader has passed.
    """

    def run(self):
        """Return the table, and a place for the progress."""
        catalogue = EXERCISES / "catalogue.toml"
        self.env.note_dependency(str(catalogue))
        words = read(EXERCISES / "words.toml")
        head = words["list"].values()
        lines = [f"| {' | '.join(head)} |", "|---|---|---|---|"]
        chapters = read(catalogue)
        for chapter, ids in chapters.items():
            lines += self.rows(chapter, ids)
        data = {"words": words["progress"], "ids": [id for ids in chapters.values() for id in ids]}
        place = PROGRESS.format(data=escape(json.dumps(data, ensure_ascii=False)))
        return [
            nodes.raw("", place, format="html"),
            *self.parse_text_to_nodes("\n".join(lines)),
        ]

    def rows(self, chapter, ids):
        """Return a row for each exercise; the first one names the chapter."""
        name = f"[](/chapters/{chapter}.ipynb)"
        for id in ids:
            path = EXERCISES / id.replace("-", "_") / "texts.toml"
            self.env.note_dependency(str(path))
            texts = read(path)
            link = f"{{ref}}`{texts['title']} <{id}>`"
            yield f"| {name} | {link} | {'★' * texts['difficulty']} | {texts['minutes']} |"
            name = ""


def leave_out_of_other_pages(app, config):
    """Take back what Jupyter Book does: it adds every script in ``_static`` to every page."""
    config.html_js_files[:] = [file for file in config.html_js_files if str(file) != SCRIPT]


def add_script(app, pagename, templatename, context, doctree):
    """Load the script on the page that has the list."""
    if "exercise-progress" in context.get("body", ""):
        app.add_js_file(SCRIPT, loading_method="defer")


def setup(app):
    """Register the directive."""
    app.add_directive("exercise-list", ExerciseList)
    app.connect("config-inited", leave_out_of_other_pages)
    app.connect("html-page-context", add_script)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
