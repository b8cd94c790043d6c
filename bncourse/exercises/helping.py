"""What a learner calls: a check of an answer, hints one by one, then the model solution."""

from dataclasses import dataclass
from html import escape

from bncourse import checker
from bncourse.checker.card import card, inline
from bncourse.checker.report import Report
from bncourse.checker.texts import printable, read
from bncourse.exercises import record
from bncourse.exercises.catalogue import commonest, exercise, known, solution_of, texts_of


def check(id: str, answer: object) -> Report:
    """Try an answer to an exercise, and say whether it is right and, if not, what is wrong.

    It is called with small inputs, for a few seconds at most, whatever it does. What it returns is
    compared with the right outputs, and with those that known mistakes give. The result is noted in
    a file on this machine (see `progress`).

    Parameters
    ----------
    id : str
        the exercise, as written beside it
    answer : object
        what the exercise asks for: a function, a class, or numbers

    Returns
    -------
    Report
        shows itself as the last line of a cell; ``report.passed`` and ``report.mistakes`` say the
        same to a program

    Raises
    ------
    ValueError : there is no such exercise.
    """
    report = checker.check(exercise(id), answer)
    record.note_check(report)
    return report


@dataclass(frozen=True)
class Help:
    """A hint, a question, or a solution.

    Attributes
    ----------
    title : str
        the title of the exercise
    text : str
        what is said
    code : str
        the model solution, if it is shown
    others : tuple of (str, str)
        lines that others wrote wrongly, and what is wrong with them
    """

    title: str
    text: str
    code: str = ""
    others: tuple[tuple[str, str], ...] = ()

    def __str__(self):
        """Return the help as text."""
        parts = [self.text, self.code]
        if self.others:
            lines = [f"{line}\n    {says}" for line, says in self.others]
            parts.append("\n".join([_words("others"), *lines]))
        return printable("\n\n".join(filter(None, parts)))

    __repr__ = __str__

    def _repr_html_(self):
        paragraphs = [f"<p>{inline(part)}</p>" for part in self.text.split("\n\n")]
        code = [f"<pre><code>{escape(self.code)}</code></pre>"] if self.code else []
        return card("help", self.title, paragraphs + code + self._others())

    def _others(self):
        if not self.others:
            return []
        lines = (f"<dt><code>{escape(w)}</code></dt><dd>{inline(s)}</dd>" for w, s in self.others)
        return [f"<p>{_words('others')}</p><dl>{''.join(lines)}</dl>"]


def _words(key):
    return read("exercises", "words")["help"][key]


def hint(id: str) -> Help:
    """Show the next hint for an exercise; after the last one, begin again.

    Parameters
    ----------
    id : str
        the exercise

    Returns
    -------
    Help

    Raises
    ------
    ValueError : there is no such exercise.
    """
    texts, words = texts_of(id), read("exercises", "words")["help"]
    hints, seen = texts["hints"], record.entry(id)["hints"]
    turn = seen % (len(hints) + 1)
    record.note(id, hints=seen + 1)
    if turn == len(hints):
        return Help(texts["title"], words["no_hint"].format(id=id))
    number = {"number": turn + 1, "count": len(hints)}
    return Help(texts["title"], words["hint"].format(**number, **hints[turn]))


def solution(id: str) -> Help:
    """Show the model solution; ask first, by a call that shows nothing, if it was not passed yet.

    Parameters
    ----------
    id : str
        the exercise

    Returns
    -------
    Help

    Raises
    ------
    ValueError : there is no such exercise.
    """
    title, seen = texts_of(known(id))["title"], record.entry(id)
    if not (seen["passed"] or seen["asked"]):
        record.note(id, asked=True)
        return Help(title, _words("ask").format(title=title, id=id))
    others = tuple((data["line"], data["says"]) for data in commonest(id))
    return Help(title, *solution_of(id), others)
