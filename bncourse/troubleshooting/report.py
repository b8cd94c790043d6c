"""What an examination found, for a notebook, a terminal and a program."""

import re
from dataclasses import dataclass
from html import escape

from bncourse.troubleshooting.sentences import Finding, finding, number, word
from bncourse.troubleshooting.tree import Answer, texts

BOX = "border: 1px solid currentColor; border-left-width: 0.3em; border-radius: 4px; padding: 0 1em"
CELL = "text-align: left; vertical-align: top"


@dataclass(frozen=True, repr=False)
class Report:
    """What an examination found.

    Attributes
    ----------
    answers : tuple of Answer
        the tree as it was walked, branch by branch
    summary : tuple of str
        what was looked at, in sentences
    """

    answers: tuple[Answer, ...]
    summary: tuple[str, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was found, each a `Finding`: what is certain first, and then by weight."""
        found = [finding(cause, below) for cause, below in self._causes() if below.found]
        return tuple(sorted(found, key=lambda one: (not one.certain, -one.weight)))

    @property
    def causes(self) -> tuple[str, ...]:
        """The ids of the causes that are certain."""
        return tuple(one.cause for one in self.findings if one.certain)

    @property
    def perhaps(self) -> tuple[str, ...]:
        """The ids of what may be meant so, or matters only elsewhere."""
        return tuple(one.cause for one in self.findings if not one.certain)

    def _branches(self):
        return zip(texts()["branch"], self.answers, strict=True)

    def _causes(self):
        for branch, answer in self._branches():
            yield from zip(branch["cause"], answer.causes, strict=True)

    def walk(self) -> list[tuple[int, str, str, str]]:
        """Return the questions that were asked, in the order of the tree.

        Returns
        -------
        list of (int, str, str, str)
            depth (0 for a branch, 1 for a cause), answer in a word, question, number in words
        """
        lines = []
        for branch, answer in self._branches():
            lines.append((0, word(answer), branch["asks"], number(branch, answer)))
            lines += [
                (1, word(below), cause["asks"], number(cause, below))
                for cause, below in zip(branch["cause"], answer.causes, strict=True)
                if below.measured
            ]
            if answer.found and not any(below.yes for below in answer.causes):
                lines.append((1, "", texts()["report"]["unexplained"], branch["unexplained"]))
        return lines

    def groups(self) -> list[tuple[str, list[Finding]]]:
        """Return each heading with its findings: the certain ones, and the others if any."""
        words, findings = texts()["report"], self.findings
        certain = [one for one in findings if one.certain]
        rest = [one for one in findings if not one.certain]
        groups = [(words["found"] if certain else words["healthy"], certain)]
        return [*groups, (words["perhaps"], rest)] if rest else groups

    def __str__(self) -> str:
        """Return the tree as it was walked, and what was found, as lines of text."""
        walk = self.walk()
        width = max(len(answer) for _, answer, _, _ in walk)
        lines = [texts()["report"]["title"], *self.summary, ""]
        for depth, answer, question, shown in walk:
            lines.append(f"{answer:>{width}}  {'  ' * depth}{question} {shown}".rstrip())
        for heading, findings in self.groups():
            lines += ["", heading, *(line for one in findings for line in _lines(one))]
        return "\n".join(lines)

    __repr__ = __str__

    def html(self) -> str:
        """Return the report as HTML."""
        title = escape(texts()["report"]["title"])
        return (
            f'<section class="diagnosis" aria-label="{title}" style="{BOX}">'
            f"<p><strong>{title}</strong></p>{''.join(map(_paragraph, self.summary))}"
            f"<table><tbody>{''.join(_row(*line) for line in self.walk())}</tbody></table>"
            + "".join(
                f"<p><strong>{escape(heading)}</strong></p>{_list(findings)}"
                for heading, findings in self.groups()
            )
            + "</section>"
        )

    def _repr_html_(self):
        return self.html()


def _lines(one):
    code = (f"    {line}".rstrip() for line in one.mend.splitlines())
    mend = texts()["report"]["mend"]
    return ["", f"{one.cause}: {one.says}", one.means, one.measured, mend, *code]


def _row(depth, answer, question, shown):
    indent = f"; padding-left: {0.5 + 1.5 * depth}em"
    return "".join(
        [
            f'<tr><td style="{CELL}"><strong>{escape(answer)}</strong></td>',
            f'<td style="{CELL}{indent}">{_inline(question)}</td>',
            f'<td style="{CELL}">{_inline(shown)}</td></tr>',
        ]
    )


def _list(findings):
    return f"<ol>{''.join(map(_item, findings))}</ol>" if findings else ""


def _item(one):
    mend = escape(texts()["report"]["mend"])
    return "".join(
        [
            f"<li><p><strong>{_inline(one.says)}</strong> {_inline(one.means)}</p>",
            f"{_paragraph(one.measured)}<p>{mend}</p>",
            f'<pre style="overflow-x: auto">{escape(one.mend)}</pre></li>',
        ]
    )


def _paragraph(text):
    return f"<p>{_inline(text)}</p>"


def _inline(text):
    """Return a sentence as HTML, with what stands between backticks as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text, quote=False))
