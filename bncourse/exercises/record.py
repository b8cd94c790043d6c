"""What has been tried and passed, in a file on this machine and nowhere else."""

import json
import os
from dataclasses import dataclass
from html import escape
from pathlib import Path
from tempfile import gettempdir
from typing import Any

from bncourse.checker.report import Report
from bncourse.checker.texts import printable, read
from bncourse.exercises.catalogue import chapters, texts_of

VARIABLE = "BNCOURSE_PROGRESS"
NEW = {"checks": 0, "passed": False, "hints": 0, "asked": False}


def progress_file() -> Path:
    """Return where progress is kept: what the environment says, else in the home folder.

    Who has no home (a container, say) keeps it among the temporary files.
    """
    if named := os.environ.get(VARIABLE):
        return Path(named)
    try:
        home = Path.home()
    except RuntimeError:
        home = Path(gettempdir())
    return home / ".bncourse" / "progress.json"


def entry(id: str) -> dict[str, Any]:
    """Return what is known of one exercise: checks made, passed or not, hints and questions."""
    return NEW | _load().get(id, {})


def note(id: str, **changes: int | bool) -> None:
    """Change what is known of one exercise.

    A file that cannot be written (a read-only disk) loses this note, and nothing else.
    """
    known = _load()
    known[id] = NEW | known.get(id, {}) | changes
    file = progress_file()
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh = file.with_suffix(f".{os.getpid()}.new")
        fresh.write_text(json.dumps(known, indent=2), encoding="utf-8")
        fresh.replace(file)
    except OSError:
        return


def note_check(report: Report) -> None:
    """Count a check of an exercise that was attempted."""
    if report.verdict != "not attempted":
        known = entry(report.id)
        note(report.id, checks=known["checks"] + 1, passed=known["passed"] or report.passed)


def _load():
    file = progress_file()
    try:
        known = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError):
        return _set_aside(file)
    return known if _sound(known) else _set_aside(file)


def _sound(known):
    return isinstance(known, dict) and all(isinstance(e, dict) for e in known.values())


def _set_aside(file):
    """Move a file that cannot be read out of the way, so that nothing in it is lost."""
    aside = file.with_suffix(".unreadable")
    words = read("exercises", "words")["progress"]["lost"]
    try:
        file.replace(aside)
    except OSError:
        return {}
    print(words.format(file=file, aside=aside))
    return {}


@dataclass(frozen=True)
class Progress:
    """A table of all exercises, with what was done.

    Attributes
    ----------
    rows : tuple of dict
        for each exercise: "id", "chapter", "title", "state", "checks", "hints"
    """

    rows: tuple[dict, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the table as plain data."""
        return {"exercises": list(self.rows)}

    def caption(self) -> str:
        """Return how many exercises are passed, in words."""
        passed = sum(row["state"] == "passed" for row in self.rows)
        words = read("exercises", "words")["progress"]["caption"]
        return words.format(passed=passed, count=len(self.rows))

    def _table(self):
        words = read("exercises", "words")["progress"]
        head = [words[key] for key in ("exercise", "chapter", "state", "tries", "hints")]
        keys = ("title", "chapter", "state", "checks", "hints")
        rows = [[str(words.get(row[key], row[key])) for key in keys] for row in self.rows]
        return head, rows

    def __str__(self):
        """Return the table as lines of text."""
        head, rows = self._table()
        widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
        lines = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in [head, *rows]]
        return printable("\n".join([self.caption(), *lines]))

    __repr__ = __str__

    def _repr_html_(self):
        head, rows = self._table()
        top = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
        body = "".join(
            f'<tr><th scope="row">{escape(row[0])}</th>'
            + "".join(f"<td>{escape(cell)}</td>" for cell in row[1:])
            + "</tr>"
            for row in rows
        )
        caption = f"<caption>{escape(self.caption())}</caption>"
        return f"<table>{caption}<thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"


def progress() -> Progress:
    """Show which exercises have been passed and tried on this machine.

    Returns
    -------
    Progress
        shows itself as a table
    """
    known = _load()
    rows = []
    for chapter, ids in chapters().items():
        for id in ids:
            seen = NEW | known.get(id, {})
            state = "passed" if seen["passed"] else "tried" if seen["checks"] else "new"
            rows.append(
                {"id": id, "chapter": chapter, "title": texts_of(id)["title"], "state": state}
                | {"checks": seen["checks"], "hints": seen["hints"]}
            )
    return Progress(tuple(rows))
