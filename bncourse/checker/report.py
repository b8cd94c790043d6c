"""A report on an answer: what was tried, what went wrong, and what to do next."""

from dataclasses import asdict, dataclass
from html import escape
from typing import Any

from bncourse.checker.card import card, inline
from bncourse.checker.texts import printable, read


@dataclass(frozen=True)
class Section:
    """A section of the book: its chapter, the label above its heading, and the heading."""

    chapter: str
    label: str
    title: str

    @property
    def address(self) -> str:
        """Where it is, seen from another chapter."""
        return f"{self.chapter}.ipynb#{self.label}"


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong.

    Attributes
    ----------
    id : str
        the id of the mistake
    says : str
        what it is
    next : str
        what to do
    see : Section or None
        where the book explains it
    """

    id: str
    says: str
    next: str
    see: Section | None = None


@dataclass(frozen=True)
class Failure:
    """The smallest input on which the answer is wrong.

    Attributes
    ----------
    case : str
        the input in words
    rows : tuple of (str, str)
        the input, what was expected, and what came, each with its name
    """

    case: str
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Report:
    """What a check found.

    Attributes
    ----------
    id : str
        the exercise
    title : str
        its title
    verdict : str
        "passed", "not yet" or "not attempted"
    tried : tuple of str
        the inputs, in words
    findings : tuple of Finding
        what is wrong
    failure : Failure or None
        where it shows first
    summary : str
        a sentence on the whole, if there is something to say
    remarks : tuple of str
        sentences on what is right but not wise
    printed : str
        what the learner's code printed
    """

    id: str
    title: str
    verdict: str
    tried: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    failure: Failure | None = None
    summary: str = ""
    remarks: tuple[str, ...] = ()
    printed: str = ""

    @property
    def passed(self) -> bool:
        """Whether the answer is right."""
        return self.verdict == "passed"

    @property
    def mistakes(self) -> tuple[str, ...]:
        """The ids of what is wrong."""
        return tuple(finding.id for finding in self.findings)

    def to_dict(self) -> dict[str, Any]:
        """Return the report as plain data, for programs."""
        return asdict(self) | {"passed": self.passed, "mistakes": list(self.mistakes)}

    def diagnosis(self) -> list[str]:
        """Return what is wrong, and where it shows first, in sentences."""
        words = read("checker", "report")["report"]
        lines = [self.summary] if self.summary else []
        lines += [self._told(finding) for finding in self.findings]
        if self.failure:
            lines += [words["first_wrong"].format(case=self.failure.case)]
        return lines

    def _told(self, finding):
        """Return what is wrong; with what to do next where several things are."""
        if len(self.findings) == 1:
            return finding.says
        return f"{finding.says} {_words('next').format(next=finding.next)}"

    def advice(self) -> list[str]:
        """Return what to do next, in sentences."""
        words = read("checker", "report")["report"]
        alone = self.findings if len(self.findings) == 1 else ()
        lines = [words["next"].format(next=finding.next) for finding in alone]
        if self.verdict == "not yet":
            lines += [words["hint"].format(id=self.id)]
        if self.passed:
            lines += [words["solution"].format(id=self.id)]
        lines += self.remarks
        if self.tried:
            lines += [words["tried"].format(cases="; ".join(self.tried))]
        return lines

    def __str__(self):
        """Return the report as lines of text."""
        lines = [self.heading(), *(f"  {line}" for line in self.diagnosis())]
        if self.failure:
            lines += [f"    {name}:\n{_indented(shown)}" for name, shown in self.failure.rows]
        lines += [f"  {line}" for line in self.advice()]
        if self.printed:
            lines += [f"  {_words('printed')}", _indented(self.printed)]
        return printable("\n".join(lines))

    __repr__ = __str__

    def heading(self) -> str:
        """Return the verdict and the title of the exercise."""
        words = read("checker", "report")
        verdict = words["verdict"][self.verdict]
        return words["report"]["title"].format(verdict=verdict, title=self.title)

    def html(self) -> str:
        """Return the report as HTML. Its classes are styled in the book's style sheet."""
        parts = [f"<p>{inline(line)}</p>" for line in self.diagnosis()]
        if self.failure:
            parts += [_rows(self.failure.rows)]
        parts += [f"<p>{inline(line)}</p>" for line in self.advice()]
        parts += _links(self.findings)
        if self.printed:
            parts += [f"<p>{_words('printed')}</p>", _pre(self.printed)]
        return card(self.verdict.replace(" ", "-"), self.heading(), parts)

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/html": self.html(), "text/plain": str(self)}


def _words(key):
    return read("checker", "report")["report"][key]


def _pre(text):
    return f"<pre>{escape(text)}</pre>"


def _rows(rows):
    cells = "".join(f"<dt>{inline(name)}</dt><dd>{_pre(shown)}</dd>" for name, shown in rows)
    return f"<dl>{cells}</dl>"


def _links(findings):
    """Return a link for each section where the findings are explained."""
    words = read("checker", "report")["report"]
    for section in dict.fromkeys(finding.see for finding in findings if finding.see):
        text = escape(words["link"].format(title=section.title))
        yield f'<p><a href="{section.address}">{text}</a></p>'


def _indented(text):
    return "\n".join(f"      {line}" for line in text.splitlines())
