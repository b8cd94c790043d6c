"""A card: one claim with its verdict and its evidence, for a page, a terminal and a program."""

from dataclasses import asdict, dataclass
from html import escape
from typing import Any

from bncourse.claims.article import answered_by, read
from bncourse.claims.picture import picture
from bncourse.claims.piece import Evidence
from bncourse.statistics import STANDARD_ERRORS, WORDS

MIME = "application/vnd.bncourse.claim+json"
# Enough to look like a card where the book's style sheet is not at hand, as in JupyterLab.
BOX = (
    "border: 1px solid var(--claim-color, currentColor); border-left-width: 0.3em; "
    "border-radius: 4px; padding: 0 1em"
)


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
        "holds", "holds in" (some cases), "does not hold", "does not hold in" (some cases, where
        the others are open) or "open"
    cases : tuple of (str, bool or None)
        whether the claim holds in each case, None if that is open, if several were looked at
    evidence : tuple of Evidence
        what the verdict rests on
    settings : str
        how it was measured, in one line, or nothing
    distances : tuple of (float or None)
        of each case, how many standard errors it holds by; None for an exact fact
    """

    id: str
    text: str
    verdict: str
    cases: tuple[tuple[str, bool | None], ...]
    evidence: tuple[Evidence, ...]
    settings: str = ""
    distances: tuple[float | None, ...] = ()

    @property
    def anchor(self) -> str:
        """The id of the card on its page."""
        return "claim-" + self.id.lower().replace(".", "-")

    def sentences(self) -> dict[str, Any]:
        """Return what a reader sees besides the claim's own text and its evidence."""
        words, statement = read("sentences.toml"), answered_by(self.id)
        return {
            "verdict": words["verdict"][self.verdict],
            "cases": [
                words["case"][WORDS[holds]].format(case=case.rstrip("."))
                for case, holds in self.cases
            ],
            "distance": self._distance(words["card"]),
            "article": words["card"]["article"].format(**statement) if statement else None,
        }

    def data(self) -> dict[str, Any]:
        """Return all of the card as plain data."""
        return asdict(self) | {"anchor": self.anchor, "sentences": self.sentences()}

    def __str__(self) -> str:
        """Return all of the card as lines of text."""
        words, sentences = read("sentences.toml")["card"], self.sentences()
        lines = [
            *sentences["cases"],
            *(f"{piece.label}: {piece.shown}" for piece in self.evidence),
            *([sentences["distance"]] if sentences["distance"] else []),
            *([f"{words['settings']}: {self.settings}"] if self.settings else []),
            *([sentences["article"]] if sentences["article"] else []),
        ]
        return "\n  ".join([f"[{sentences['verdict']}] {self.text}", *lines])

    def html(self) -> str:
        """Return the card as HTML. Its classes are styled in the book's style sheet."""
        sentences = self.sentences()
        cases = "".join(f"<li>{escape(sentence)}</li>" for sentence in sentences["cases"])
        return (
            f'<article class="claim-card {self.verdict.replace(" ", "-")}" id="{self.anchor}"'
            f' aria-labelledby="{self.anchor}-text" style="{BOX}">'
            f'<p class="claim-verdict"><strong>{sentences["verdict"]}</strong></p>'
            f'<p id="{self.anchor}-text">{escape(self.text)}</p>'
            + (f"<ul>{cases}</ul>" if cases else "")
            + self._evidence(sentences["distance"])
            + self._settings()
            + self._article(sentences["article"])
            + "</article>"
        )

    def _distance(self, words):
        """Return how far from their margins the values lie that decide, or all if none does."""
        distances = [abs(distance) for distance in self.distances if distance is not None]
        decided = [distance for distance in distances if distance >= STANDARD_ERRORS]
        if decided:
            key = "decided" if len(decided) == 1 else "decided_each"
            return words[key].format(distance=f"{min(decided):.1f}")
        return words["open"].format(distance=f"{max(distances):.1f}") if distances else None

    def _evidence(self, distance):
        """Return estimates as a picture, their numbers in a fold, and exact facts below."""
        estimates = [piece for piece in self.evidence if isinstance(piece.data, dict)]
        facts = [piece for piece in self.evidence if piece not in estimates]
        beyond = f"<p>{escape(distance)}</p>" if distance else ""
        return (
            picture(estimates)
            + (_listed(facts) if facts else "")
            + (_fold("numbers", _listed(estimates) + beyond) if estimates else "")
        )

    def _settings(self):
        return _fold("settings", f"<p>{escape(self.settings)}</p>") if self.settings else ""

    def _article(self, sentence):
        """Return what the article says; the book makes a link of the id (``book/evidence.py``)."""
        statement = answered_by(self.id)
        if statement is None:
            return ""
        name = statement["id"]
        marked = f'<span class="claim-row">{name}</span>'
        return f"<p>{escape(sentence).replace(name, marked, 1)}</p>"

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/html": self.html(), "text/plain": str(self), MIME: self.data()}


def _listed(pieces):
    items = (f"<dt>{escape(p.label)}</dt><dd>{escape(p.shown)}</dd>" for p in pieces)
    return f"<dl>{''.join(items)}</dl>"


def _fold(name, content):
    summary = read("sentences.toml")["card"][name]
    return f'<details class="claim-{name}"><summary>{summary}</summary>{content}</details>'
