"""A card: one claim with its verdict and its evidence, for a page, a terminal and a program."""

from dataclasses import asdict, dataclass
from html import escape

from bncourse.claims.article import answered_by, read

MIME = "application/vnd.bncourse.claim+json"
# Enough to look like a card where the book's style sheet is not at hand, as in JupyterLab.
BOX = (
    "border: 1px solid var(--claim-color, currentColor); border-left-width: 0.3em; "
    "border-radius: 4px; padding: 0 1em"
)


@dataclass(frozen=True)
class Evidence:
    """One piece of evidence.

    Attributes
    ----------
    label : str
        what was measured
    shown : str
        what a reader sees of it
    data : dict, float, int or str
        the fields of an estimate, a plain number, or an exact fact in words
    """

    label: str
    shown: str
    data: dict | float | int | str


@dataclass(frozen=True)
class Card:
    """A claim that was stated, and found to be what was measured.

    Attributes
    ----------
    id : str
        the id of a statement of the article, with or without a suffix, or ``own.<name>``
    text : str
        the claim, in a sentence
    verdict : str
        "holds", "holds when" or "does not hold"
    cases : tuple of (str, bool)
        whether the claim holds in each case, if several were looked at
    evidence : tuple of Evidence
        what the verdict rests on
    """

    id: str
    text: str
    verdict: str
    cases: tuple[tuple[str, bool], ...]
    evidence: tuple[Evidence, ...]

    @property
    def anchor(self):
        """The id of the card on its page."""
        return "claim-" + self.id.lower().replace(".", "-")

    def sentences(self):
        """Return what a reader sees besides the claim's own text and its evidence."""
        words, statement = read("sentences.toml"), answered_by(self.id)
        return {
            "verdict": words["verdict"][self.verdict],
            "cases": [
                words["card"]["holds" if holds else "does_not_hold"].format(case=case)
                for case, holds in self.cases
            ],
            "article": words["card"]["article"].format(**statement) if statement else None,
        }

    def data(self):
        """Return all of the card as plain data."""
        return asdict(self) | {"anchor": self.anchor, "sentences": self.sentences()}

    def __str__(self):
        """Return all of the card as lines of text."""
        sentences = self.sentences()
        return "\n".join(
            [
                f"[{sentences['verdict']}] {self.text}",
                *(f"  {sentence}" for sentence in sentences["cases"]),
                *(f"  {piece.label}: {piece.shown}" for piece in self.evidence),
                *([f"  {sentences['article']}"] if sentences["article"] else []),
            ]
        )

    def html(self):
        """Return the card as HTML. Its classes are styled in the book's style sheet."""
        sentences = self.sentences()
        cases = "".join(f"<li>{escape(sentence)}</li>" for sentence in sentences["cases"])
        evidence = "".join(
            f"<dt>{escape(piece.label)}</dt><dd>{escape(piece.shown)}</dd>"
            for piece in self.evidence
        )
        return (
            f'<article class="claim-card {self.verdict.replace(" ", "-")}" id="{self.anchor}"'
            f' aria-labelledby="{self.anchor}-text" style="{BOX}">'
            f'<p class="claim-verdict"><strong>{sentences["verdict"]}</strong></p>'
            f'<p id="{self.anchor}-text">{escape(self.text)}</p>'
            + (f"<ul>{cases}</ul>" if cases else "")
            + f"<dl>{evidence}</dl>{self._article(sentences['article'])}</article>"
        )

    def _article(self, sentence):
        if sentence is None:
            return ""
        source = answered_by(self.id)["id"]
        link = read("sentences.toml")["card"]["link"].format(id=source)
        return f'<p>{escape(sentence)} <a href="claims.html#{source.lower()}">{link}</a></p>'

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/html": self.html(), "text/plain": str(self), MIME: self.data()}
