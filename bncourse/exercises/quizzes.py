"""Questions with several choices, and a word on every choice."""

from dataclasses import dataclass
from importlib.resources import files

from bncourse.checker.card import inline
from bncourse.checker.texts import printable, read


@dataclass(frozen=True)
class Quiz:
    """The questions at the end of a chapter.

    As HTML, each choice is a line that opens when it is chosen, by mouse or by keyboard, and says
    whether it was right and why. That is plain HTML: it works without scripts and without network.

    Attributes
    ----------
    questions : tuple of dict
        each with "asks" and "choices"; a choice has "says", "because", and perhaps "right"
    """

    chapter: str
    questions: tuple[dict, ...]

    def __str__(self):
        """Return the questions and the choices as text, without the answers."""
        lines = []
        for number, question in enumerate(self.questions, 1):
            lines += [f"{number}. {question['asks']}"]
            lines += [f"   ( ) {choice['says']}" for choice in question["choices"]]
        return printable("\n".join(lines))

    __repr__ = __str__

    def _repr_html_(self):
        return "".join(
            self._question(f"quiz-{self.chapter}-{number}", number, question)
            for number, question in enumerate(self.questions, 1)
        )

    def _question(self, name, number, question):
        choices = "".join(self._choice(name, choice) for choice in question["choices"])
        return (
            f'<div class="quiz" role="group" aria-labelledby="{name}">'
            f'<p id="{name}"><strong>{number}.</strong> {inline(question["asks"])}</p>'
            f"{choices}</div>"
        )

    def _choice(self, name, choice):
        right = choice.get("right", False)
        verdict = read("exercises", "words")["quiz"]["right" if right else "wrong"]
        return (
            f'<details name="{name}" class="{"right" if right else "wrong"}">'
            f"<summary>{inline(choice['says'])}</summary>"
            f"<p><strong>{verdict}</strong> {inline(choice['because'])}</p></details>"
        )


def quiz(chapter: str) -> Quiz:
    """Show the questions of a chapter.

    Parameters
    ----------
    chapter : str
        the name of its notebook, without the ending

    Returns
    -------
    Quiz

    Raises
    ------
    ValueError : there are no questions for such a chapter.
    """
    if chapter not in chapters_with_questions():
        known = ", ".join(chapters_with_questions())
        raise ValueError(f"there are no questions for {chapter!r}; there are some for: {known}")
    return Quiz(chapter, tuple(read("exercises", "quiz_questions", chapter)["questions"]))


def chapters_with_questions() -> list[str]:
    """Return the chapters that have questions, in the order of the alphabet."""
    folder = files("bncourse.exercises") / "quiz_questions"
    return sorted(file.name.removesuffix(".toml") for file in folder.iterdir())
