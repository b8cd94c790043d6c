"""State a claim beside what was measured: a card if they agree, an error if they do not."""

import math
from collections.abc import Mapping
from dataclasses import asdict
from numbers import Integral, Real

import numpy as np

from bncourse.claims.article import answered_by, read
from bncourse.claims.card import Card, Evidence
from bncourse.statistics import Estimate, typeset

VERDICTS = ("holds", "does not hold")


class ClaimError(AssertionError):
    """What is stated is not what was measured."""


def claim(id, text, *, holds, evidence, when=(), verdict="holds"):
    """Return a card for the claim, or raise if its verdict is not what was measured.

    An interval that reaches over the line shows neither that a claim holds nor that it fails. So
    let ``holds`` say for a refuted claim what is still possible: ``not gain.below(0.01)`` is False
    only if the whole interval lies below.

    Parameters
    ----------
    id : str
        a statement of the article ("C5"), one of several answers to it ("C5.rates"), or a claim
        of our own ("own.cost")
    text : str
        the claim, in one sentence
    holds : bool, or mapping of str to bool
        what was measured: whether the claim holds, or in which cases. A case is the end of a
        sentence that begins with "It holds when".
    evidence : Estimate, or mapping of str to Estimate, number or str
        what the verdict rests on, by the name of what was measured. A str is an exact fact.
    when : sequence of str
        the cases in which the claim is stated to hold, if it holds in some and not in others
    verdict : str
        what is stated without ``when``: "holds" or "does not hold", in all cases

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
    cases = _cases(holds)
    stated = _stated(cases, when, verdict)
    verdict = "holds when" if when else verdict
    named = () if "" in cases else tuple(cases.items())
    card = Card(id, _sentence(text), verdict, named, _evidence(evidence))
    if stated != cases:
        raise ClaimError(
            f"claim {id} is stated as {_listed(stated)}, and what was measured says "
            f"{_listed(cases)}: correct the text or the code ("
            + "; ".join(f"{piece.label}: {piece.shown}" for piece in card.evidence)
            + ")"
        )
    return card


def _cases(holds):
    """Return `holds` by case; the only case of a plain bool has no name."""
    cases = dict(holds) if isinstance(holds, Mapping) else {"": holds}
    for case, value in cases.items():
        if not isinstance(value, bool | np.bool_):
            raise TypeError(
                f"holds must be True or False{f' for {case!r}' if case else ''}, got {value!r}: "
                "compare the measured number with what is claimed, as in width.above(0)"
            )
    if not cases:
        raise ValueError("holds has no case: name at least one, or give True or False")
    return {case: bool(value) for case, value in cases.items()}


def _stated(cases, when, verdict):
    """Return by case whether the claim is stated to hold."""
    if verdict not in VERDICTS:
        raise ValueError(
            f"verdict is {verdict!r}: use one of {VERDICTS}; for 'holds when', leave it out and "
            "name the cases in when="
        )
    if not when:
        return dict.fromkeys(cases, verdict == "holds")
    if isinstance(when, str) or verdict != "holds" or not set(when) < set(cases):
        raise ValueError(
            f"when is {when!r} and verdict {verdict!r}, the cases of holds are {list(cases)}: give "
            "when= a list of some of these cases and not of all, and no verdict besides it"
        )
    return {case: case in when for case in cases}


def _sentence(text):
    if not text.strip().endswith((".", "!", "?")):
        raise ValueError(f"text is {text!r}: write the claim as a sentence, with its full stop")
    return text.strip()


def _evidence(evidence):
    if isinstance(evidence, Estimate):
        evidence = {read("sentences.toml")["card"]["measured"]: evidence}
    if not isinstance(evidence, Mapping) or not evidence:
        raise TypeError(
            f"evidence is {evidence!r}: give an Estimate, or a mapping from what was measured to "
            "an Estimate, a number or an exact fact in words"
        )
    return tuple(_piece(label, value) for label, value in evidence.items())


def _piece(label, value):
    if isinstance(value, Estimate):
        return Evidence(label, str(value), asdict(value))
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


def _listed(cases):
    """Return e.g. "'holds'", or the cases one by one."""
    words = {case: VERDICTS[0 if holds else 1] for case, holds in cases.items()}
    return repr(words[""]) if "" in words else str(words)
