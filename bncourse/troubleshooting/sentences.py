"""Sentences of a report: the words of ``tree.toml``, filled with what was measured."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bncourse.troubleshooting.measured import Measured
from bncourse.troubleshooting.tree import Answer, texts


@dataclass(frozen=True)
class Finding:
    """A cause that was found.

    Attributes
    ----------
    cause : str
        its id
    layers : tuple of str
        where, the weightiest first; empty for the model as a whole
    value, limit : float
        what was measured in the first of them, and what it is judged by
    weight : float
        how many times the limit it is
    certain : bool
        whether it is trouble wherever the model is used
    says, means, measured, mend : str
        what it is, what that means, how it was measured, and code to mend it
    """

    cause: str
    layers: tuple[str, ...]
    value: float
    limit: float
    weight: float
    certain: bool
    says: str
    means: str
    measured: str
    mend: str


def finding(cause: Mapping[str, Any], answer: Answer) -> Finding:
    """Return the `Finding` of a cause (its entry in the tree) whose question was answered yes."""
    worst, *others = answer.found
    facts = facts_of(worst, len(others))
    filled = {key: cause[key].format(**facts) for key in ("number", "limit", "because")}
    return Finding(
        cause=cause["id"],
        layers=tuple(one.layer for one in answer.found if one.layer),
        value=worst.value,
        limit=worst.limit,
        weight=worst.weight,
        certain=worst.certain,
        says=_sentence(cause["says"].format(**facts)),
        means=_sentence(cause["means"].format(**facts)),
        measured=texts()["report"]["measured"].format(**filled),
        mend=cause["mend"].format(**facts).strip("\n"),
    )


def word(answer: Answer) -> str:
    """Return the answer to a question in a word."""
    words = texts()["report"]
    if answer.why_not:
        return words["not_asked"]
    if not answer.yes:
        return words["no"]
    return words["yes" if answer.certain else "may_be"]


def number(question: Mapping[str, Any], answer: Answer) -> str:
    """Return the number behind an answer, what it is judged by, and where it was measured."""
    words = texts()["report"]
    if answer.why_not:
        return words[answer.why_not]
    if not answer.measured:
        return ""
    first = answer.measured[0]
    facts = facts_of(first, len(answer.found[1:]))
    filled = {key: question[key].format(**facts) for key in ("number", "limit")}
    return words["judged_at" if first.layer else "judged"].format(where=facts["where"], **filled)


def facts_of(measured: Measured, others: int) -> dict[str, Any]:
    """Return what may stand in the braces of a question's sentences; code needs a module's name."""
    return {
        "value": measured.value,
        "limit": measured.limit,
        "layer": measured.layer.partition(": ")[0],
        "where": _where(measured.layer, others),
        **measured.facts,
    }


def _where(layer, others):
    """Return where something was found, in words: in a layer, and in so many others."""
    words = texts()["report"]
    if not layer:
        return words["model"]
    return words["layers" if others else "layer"].format(layer=layer, others=others)


def _sentence(text):
    """Return a sentence with a capital at its start: it may begin with what stood in braces."""
    return text[:1].upper() + text[1:]
