"""The statements of the article, and the ids by which claims refer to them."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

ID = re.compile(r"(?P<head>\w+)(\.(?P<suffix>[a-z0-9]+(-[a-z0-9]+)*))?")


@cache
def read(name: str) -> dict[str, Any]:
    """Return the contents of one of this room's TOML files."""
    return tomllib.loads(files("bncourse.claims").joinpath(name).read_text("utf-8"))


def statements() -> dict[str, dict[str, Any]]:
    """Return the statements of the article by id, in the article's order."""
    return {statement["id"]: statement for statement in read("article.toml")["statement"]}


def syntheses() -> dict[str, dict[str, Any]]:
    """Return what comes of each statement as a whole, by its id: a verdict and a sentence."""
    return {synthesis["id"]: synthesis for synthesis in read("syntheses.toml")["synthesis"]}


def fits(synthesis: Mapping[str, Any], verdicts: Sequence[str]) -> bool:
    """Return whether the verdict on a statement fits those of the cards that answer it.

    Parameters
    ----------
    synthesis : dict
        one of `syntheses`
    verdicts : list of str
        of its cards
    """
    if not verdicts:
        return synthesis["verdict"] == "holds" and "asserted" in synthesis
    found = set(verdicts)
    nowhere = bool(found & {"does not hold", "does not hold in"})
    somewhere = bool(found & {"holds", "holds in"})
    return {
        "holds": somewhere and not nowhere,
        "holds in part": somewhere and found != {"holds"},
        "does not hold": nowhere and "holds" not in found,
        "open": found == {"open"},
    }[synthesis["verdict"]]


def answered_by(claim_id: str) -> dict[str, Any] | None:
    """Return the statement that a claim answers, or None if the claim is our own.

    Raises
    ------
    ValueError
        ``claim_id`` is neither a statement's id, with or without a suffix, nor ``own.<name>``.
    """
    match, known = ID.fullmatch(claim_id), statements()
    if match and match["head"] in known:
        return known[match["head"]]
    if match and match["head"] == "own" and match["suffix"]:
        return None
    raise ValueError(
        f"id is {claim_id!r}: use one of {', '.join(known)}, or one of them with a suffix in small "
        "letters, digits and hyphens ('C5.rates'), or 'own.<name>' for a claim that is not the "
        "article's"
    )
