"""State a claim beside what was measured: a card if they agree, an error if they do not."""

import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from numbers import Integral, Real
from typing import Any, Literal

import numpy as np

from bncourse.claims.article import answered_by, read
from bncourse.claims.card import Card
from bncourse.claims.piece import Evidence
from bncourse.claims.record import write_down
from bncourse.claims.settings import settings_line
from bncourse.statistics import WORDS, Estimate, Judgement, exactly, typeset

Fact = Judgement | bool | np.bool_

VERDICTS = {word: verdict for verdict, word in WORDS.items()}
RECORD = "BNCOURSE_CLAIMS"


class ClaimError(AssertionError):
    """What is stated is not what was measured."""


def claim(
    id: str,
    text: str,
    *,
    holds: Fact | Mapping[str, Fact],
    evidence: Estimate | Mapping[str, Estimate | float | str],
    when: Sequence[str] = (),
    open: Sequence[str] = (),
    verdict: Literal["holds", "does not hold", "open"] = "holds",
    settings: Sequence[Any] = (),
) -> Card:
    """Return a card for the claim, or raise if its verdict is not what was measured.

    An estimate decides by 3 standard errors: the claim holds where it lies that far beyond the
    margin, it does not where it lies as far on the other side, and what lies between is open. So
    the absence of evidence is never "does not hold".

    Where the environment variable ``BNCOURSE_CLAIMS`` names a file, what was measured is added to
    it, as a line of JSON, and nothing is raised: so whole notebooks can be run again with other
    seeds or another arithmetic.

    Parameters
    ----------
    id : str
        a statement of the article ("C5"), one of several answers to it ("C5.rates"), or a claim
        of our own ("own.cost")
    text : str
        the claim, in one sentence, with its margin
    holds : Judgement or bool, or mapping of str to these
        what was measured: whether the claim holds, or in which cases. Judgements come from an
        estimate, as in ``ratio.above(1.25)``; True and False are exact facts. A case names what
        was tried: "a dense network, pools of 4".
    evidence : Estimate, or mapping of str to Estimate, number or str
        what the verdict rests on, by the name of what was measured. A str is an exact fact.
    when : sequence of str
        the cases in which the claim is stated to hold, if it holds in some and not in others
    open : sequence of str
        the cases that are stated to be open, if others are not
    verdict : str
        what is stated of the cases that are not named: "holds", "does not hold" or "open"; they
        do not hold where there is ``when``
    settings : sequence
        how it was measured: histories, what `tuned` returned, or words

    Returns
    -------
    Card
        shows itself as the last expression of a notebook's cell

    Raises
    ------
    ClaimError
        What is stated is not what was measured.
    TypeError, ValueError
        An argument is not of this form.
    """
    answered_by(id)
    judged = _judged(holds)
    measured = {case: judgement.verdict for case, judgement in judged.items()}
    stated = _stated(list(measured), when, open, verdict)
    card = Card(
        id,
        _sentence(text),
        overall(measured),
        () if "" in measured else tuple(measured.items()),
        _evidence(evidence, judged.values()),
        settings_line(settings),
        tuple(_finite(judgement.distance) for judgement in judged.values()),
    )
    if path := os.environ.get(RECORD):
        write_down(path, card, _in_words(stated), overall(stated))
    elif stated != measured:
        said = {case: str(judgement) for case, judgement in judged.items()}
        raise ClaimError(
            f"claim {id} is stated as {_listed(_in_words(stated))}, and what was measured says "
            f"{_listed(said)}: correct the text or the code ("
            + "; ".join(f"{piece.label}: {piece.shown}" for piece in card.evidence)
            + ")"
        )
    return card


def overall(verdicts: Mapping[str, bool | None]) -> str:
    """Return the verdict on several cases, in words; what differs is said of some cases alone.

    Parameters
    ----------
    verdicts : dict of str to (bool or None)
        whether the claim holds in each case, None where that is open
    """
    found = set(verdicts.values())
    if len(found) == 1:
        return WORDS[found.pop()]
    return "holds in" if True in found else "does not hold in"


def _judged(holds):
    """Return judgements by case; the only case of what is no mapping has no name."""
    cases = dict(holds) if isinstance(holds, Mapping) else {"": holds}
    for case, value in cases.items():
        if not isinstance(value, bool | np.bool_ | Judgement):
            raise TypeError(
                "holds must be True or False or a judgement"
                f"{f' for {case!r}' if case else ''}, got {value!r}: compare the measured number "
                "with what is claimed, as in width.above(0)"
            )
    if not cases:
        raise ValueError("holds has no case: name at least one, or give True or False")
    return {
        case: value if isinstance(value, Judgement) else exactly(value)
        for case, value in cases.items()
    }


def _stated(cases, when, open, verdict):
    """Return by case whether the claim is stated to hold, None where it is stated to be open."""
    if verdict not in VERDICTS:
        raise ValueError(
            f"verdict is {verdict!r}: use one of {tuple(VERDICTS)}; for 'holds in', leave it out "
            "and name the cases in when="
        )
    _require_cases("when", when, cases)
    _require_cases("open", open, cases)
    if (when and verdict != "holds") or (open and verdict == "open"):
        raise ValueError(
            f"when is {when!r}, open {open!r} and verdict {verdict!r}: give no verdict besides "
            "when=, and no verdict 'open' besides open="
        )
    if set(when) & set(open):
        raise ValueError(f"when is {when!r} and open {open!r}: name a case in one of them")
    rest = False if when else VERDICTS[verdict]
    return {case: True if case in when else None if case in open else rest for case in cases}


def _require_cases(name, named, cases):
    if (
        isinstance(named, str)
        or not set(named) <= set(cases)
        or (cases and len(named) >= len(cases))
    ):
        raise ValueError(
            f"{name} is {named!r}, the cases of holds are {cases}: give {name}= a list of some of "
            "these cases and not of all; what is the same in all cases is a verdict"
        )


def _sentence(text):
    if not text.strip().endswith((".", "!", "?")):
        raise ValueError(f"text is {text!r}: write the claim as a sentence, with its full stop")
    return text.strip()


def _evidence(evidence, judgements):
    if isinstance(evidence, Estimate):
        evidence = {read("sentences.toml")["card"]["measured"]: evidence}
    if not isinstance(evidence, Mapping) or not evidence:
        raise TypeError(
            f"evidence is {evidence!r}: give an Estimate, or a mapping from what was measured to "
            "an Estimate, a number or an exact fact in words"
        )
    margins = [pair for judgement in judgements for pair in judgement.margins]
    return tuple(_piece(label, value, margins) for label, value in evidence.items())


def _piece(label, value, margins):
    if isinstance(value, Estimate):
        own = dict.fromkeys(margin for estimate, margin in margins if estimate == value)
        return Evidence(label, str(value), asdict(value), tuple(own))
    if isinstance(value, str) and value.strip():
        return Evidence(label, value, value)
    if isinstance(value, Integral) and not isinstance(value, bool):
        return Evidence(label, str(value), int(value))
    if isinstance(value, Real) and not isinstance(value, bool) and math.isfinite(value):
        return Evidence(label, typeset(f"{value:.3g}"), float(value))
    raise TypeError(
        f"evidence {label!r} is {value!r}: give an Estimate, a finite number, or an exact fact in "
        "words"
    )


def _finite(distance):
    return round(distance, 3) if math.isfinite(distance) else None


def _in_words(verdicts):
    return {case: WORDS[verdict] for case, verdict in verdicts.items()}


def _listed(words):
    """Return e.g. "'holds'", or the cases one by one."""
    return repr(words[""]) if "" in words else str(words)
