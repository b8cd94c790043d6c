"""Write down what was measured, claim by claim, for a comparison of whole runs of the notebooks."""

import json
import os
from collections.abc import Mapping

from bncourse.claims.card import Card
from bncourse.statistics import WORDS


def write_down(
    path: str | os.PathLike[str], card: Card, stated_cases: Mapping[str, str], stated: str
) -> None:
    """Add a line of JSON about a claim to the file at ``path``.

    Parameters
    ----------
    path : path-like
        of a file, which need not exist
    card : Card
        with the verdict that was measured
    stated_cases : dict of str to str
        what is stated, by case; the only case of a claim without cases has no name
    stated : str
        what is stated of all cases
    """
    measured = {case: WORDS[holds] for case, holds in card.cases} or {"": card.verdict}
    line = {
        "id": card.id,
        "text": card.text,
        "stated": stated,
        "measured": card.verdict,
        "cases": {
            case: {"stated": word, "measured": measured[case]}
            for case, word in stated_cases.items()
        },
        "evidence": {piece.label: piece.data for piece in card.evidence},
        "distances": dict(zip(stated_cases, card.distances, strict=True)),
    }
    with open(path, "a", encoding="utf-8") as file:
        file.write(json.dumps(line, ensure_ascii=False) + "\n")
