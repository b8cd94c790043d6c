"""Sphinx extension: the directive ``{exercise-list}`` lists the exercises that can be checked."""

import tomllib
from pathlib import Path

from sphinx.util.docutils import SphinxDirective

EXERCISES = Path(__file__).parents[1] / "bncourse" / "exercises"


def read(path):
    """Return the data of one TOML file."""
    return tomllib.loads(path.read_text("utf-8"))


class ExerciseList(SphinxDirective):
    """One table: each exercise with its chapter, its difficulty and its minutes."""

    def run(self):
        """Return the table."""
        catalogue = EXERCISES / "catalogue.toml"
        self.env.note_dependency(str(catalogue))
        head = read(EXERCISES / "words.toml")["list"].values()
        lines = [f"| {' | '.join(head)} |", "|---|---|---|---|"]
        for chapter, ids in read(catalogue).items():
            lines += self.rows(chapter, ids)
        return self.parse_text_to_nodes("\n".join(lines))

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


def setup(app):
    """Register the directive."""
    app.add_directive("exercise-list", ExerciseList)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
