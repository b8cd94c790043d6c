"""HTML that looks like a card in the book and in JupyterLab alike."""

import re
from collections.abc import Iterable
from html import escape

# Enough to look like a card where the book's style sheet is not at hand, as in JupyterLab.
BOX = (
    "border: 1px solid var(--card-color, currentColor); border-left-width: 0.3em; "
    "border-radius: 4px; padding: 0 1em"
)


def card(kind: str, heading: str, parts: Iterable[str]) -> str:
    """Return a card of a `kind` (a class of the style sheet) with a heading and parts in HTML."""
    return (
        f'<section class="exercise-card {kind}" aria-label="{escape(heading)}" style="{BOX}">'
        f'<p class="card-heading"><strong>{escape(heading)}</strong></p>{"".join(parts)}</section>'
    )


def inline(text: str) -> str:
    """Return a sentence as HTML, with what stands between backticks as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text, quote=False))
