"""Sphinx extension: what other pages take from the chapters, so that they cannot part from them.

Roles: ``{from-chapter}`` is a number that a chapter has glued, ``{from-claim}`` one from the
evidence of a claim, ``{hours-of}`` how long chapters take. Directive: ``{chapter-card}`` is a
chapter with its title, what it is about, its minutes and its first figure.
"""

import base64
import json
import re
from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.addnodes import pending_xref
from sphinx.locale import get_translation
from sphinx.util.docutils import SphinxDirective, SphinxRole
from weight import thumbnail

_ = get_translation("front")
READING = re.compile(r"\*\*Time\*\* about (\d+) minutes")
EXERCISE = re.compile(r"\{exercise\} .*, (\d+) minutes\)")
GLUE = "application/papermill.record/"
CLAIM = "application/vnd.bncourse.claim+json"


class Chapter:
    """What stands in a chapter.

    Parameters
    ----------
    path : pathlib.Path
        of the notebook, or of the page if nothing is computed in it
    """

    def __init__(self, path):
        text = path.read_text("utf-8")
        is_notebook = path.suffix == ".ipynb"
        self.cells = json.loads(text)["cells"] if is_notebook else []
        prose = ("".join(c["source"]) for c in self.cells if c["cell_type"] == "markdown")
        self.prose = "\n".join(prose) if is_notebook else text

    @property
    def glued(self):
        """The values that the chapter has glued, as text, by name."""
        found = {}
        for output in (output for cell in self.cells for output in cell.get("outputs", [])):
            name = output.get("metadata", {}).get("scrapbook", {}).get("name")
            if name:
                data = {key.removeprefix(GLUE): text for key, text in output["data"].items()}
                found[name] = "".join(data["text/plain"]).strip("'")
        return found

    def evidence(self, claim):
        """The estimates that a claim of the chapter rests on, as numbers with units, by label."""
        outputs = (output for cell in self.cells for output in cell.get("outputs", []))
        for data in (output["data"].get(CLAIM) for output in outputs if "data" in output):
            if data and data["id"] == claim:
                estimates = [e for e in data["evidence"] if isinstance(e["data"], dict)]
                return {e["label"]: (e["data"]["value"], e["data"]["unit"]) for e in estimates}
        return {}

    @property
    def picture(self):
        """The alternative text of the chapter's first figure, and the figure itself."""
        for cell in self.cells:
            for output in cell.get("outputs", []):
                if "image/png" in output.get("data", {}):
                    alt = cell["metadata"]["mystnb"]["image"]["alt"]
                    return alt, base64.b64decode("".join(output["data"]["image/png"]))
        return None

    @property
    def minutes(self):
        """The minutes to read the chapter, and those for all its exercises."""
        return int(READING.search(self.prose)[1]), sum(map(int, EXERCISE.findall(self.prose)))


def chapter(env, name):
    """Return the chapter of that name; the page that is being read depends on it."""
    path = Path(env.doc2path(f"chapters/{name}"))
    env.note_dependency(str(path))
    return Chapter(path)


class FromChapter(SphinxRole):
    """A number that a chapter has glued: ``{from-chapter}`test-time sorted` ``."""

    def run(self):
        """Return the number as text, in bold as the chapters show it."""
        name, key = self.text.split()
        glued = chapter(self.env, name).glued
        if key not in glued:
            known = ", ".join(glued)
            message = f"{name} has glued no {key!r}, but {known}"
            error = self.inliner.reporter.error(message, line=self.lineno)
            return [], [error]
        return [nodes.strong("", glued[key])], []


class FromClaim(SphinxRole):
    """An estimate that a claim rests on: ``{from-claim}`when-it-fails own.sorted: pools of 32` ``.

    Behind the colon stands the end of the label of one piece of evidence. Two digits are shown.
    """

    def run(self):
        """Return the number as text, in bold, with a percent sign if it is a percentage."""
        place, _, ending = self.text.partition(": ")
        name, claim = place.split()
        evidence = chapter(self.env, name).evidence(claim)
        found = [each for label, each in evidence.items() if label.endswith(ending)]
        if len(found) != 1:
            known = "; ".join(evidence)
            message = f"{ending!r} ends {len(found)} labels of {claim} in {name}: {known}"
            error = self.inliner.reporter.error(message, line=self.lineno)
            return [], [error]
        ((value, unit),) = found
        return [nodes.strong("", two_digits(value) + " %" * (unit == "%"))], []


def two_digits(value):
    """Return a number with two significant digits, or all that stand before its point."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:#.2g}".removesuffix(".")


class HoursOf(SphinxRole):
    """How long some chapters take, to the half hour: ``{hours-of}`forward-pass test-time` ``."""

    def run(self):
        """Return a number of hours, with all exercises if the text ends with ``+ exercises``."""
        names, _plus, exercises = self.text.partition("+")
        minutes = [chapter(self.env, name).minutes for name in names.split()]
        total = sum(reading + bool(exercises) * more for reading, more in minutes)
        halves = max(1, round(total / 30))
        return [nodes.Text(f"{halves / 2:g}")], []


class ChapterCard(SphinxDirective):
    """A chapter: a link with its title, what it is about, its minutes, and its first figure."""

    required_arguments = 1
    has_content = True
    option_spec = {"minutes": directives.positive_int}  # of a page that does not tell its own

    def run(self):
        """Return one card."""
        name = self.arguments[0]
        shown = chapter(self.env, name)
        reference = pending_xref(
            "",
            nodes.inline("", ""),
            refdomain="std",
            reftype="doc",
            reftarget=f"/chapters/{name}",
            refexplicit=False,
            refwarn=True,
            refdoc=self.env.docname,
        )
        title = nodes.paragraph("", "", reference, classes=["chapter-title"])
        about = self.parse_content_to_nodes()
        told = self.options.get("minutes")
        minutes = self.minutes(*((told, 0) if told else shown.minutes))
        parts = [*self.picture(name, shown), title, *about, minutes]
        return [nodes.container("", *parts, classes=["chapter-card"])]

    def picture(self, name, shown):
        """Return the chapter's first figure, if it has one."""
        if not shown.picture:
            return []
        alt, png = shown.picture
        folder = Path(self.env.app.outdir).parent / "chapter-pictures"
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{name}.png"
        file.write_bytes(thumbnail(png))
        uri = "/" + file.relative_to(self.env.srcdir).as_posix()
        return [nodes.image("", uri=uri, alt=alt)]

    def minutes(self, reading, exercises):
        """Return a sentence on how long the chapter takes."""
        if exercises:
            text = _("{reading} minutes to read, {exercises} more for all exercises")
        else:
            text = _("{reading} minutes")
        text = text.format(reading=reading, exercises=exercises)
        return nodes.paragraph("", text, classes=["chapter-minutes"])


def setup(app):
    """Register the roles and the directive."""
    app.add_role("from-chapter", FromChapter())
    app.add_role("from-claim", FromClaim())
    app.add_role("hours-of", HoursOf())
    app.add_directive("chapter-card", ChapterCard)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
