"""Tell whether two runs of a notebook's cell show the same claim.

nbval compares text, and the last digits of a number may differ on another processor. So cards are
compared by what they mean: words, cases, verdicts and exact facts must be equal. What is made of
stored results differs by rounding alone, so the value and the ends of an interval may move by a
small part of its half width. A plain number may differ by what no reader sees.
"""

import math

MIME = "application/vnd.bncourse.claim+json"
WORDS = ("id", "text", "verdict", "cases", "settings")
OF_HALF_WIDTH = 0.02  # that the value or an end of an interval may move
EXACT = 1e-6  # relative: of an interval of no width, and of a margin
TOLERANCE = 1e-3  # relative: of a plain number, which is shown with three digits
ROUNDING = 1e-12  # what is this close to zero may have any size


def cards(outputs):
    """Return the data of the cards among the outputs of a cell."""
    return [output["data"][MIME] for output in outputs if MIME in output.get("data", {})]


def without_cards(outputs):
    """Return the outputs of a cell that are no cards."""
    return [output for output in outputs if MIME not in output.get("data", {})]


def stale_cards(stored_outputs, fresh_outputs):
    """Return a sentence for each difference between the stored cards and those of a new run."""
    stored, fresh = cards(stored_outputs), cards(fresh_outputs)
    if len(stored) != len(fresh):
        return [f"{len(stored)} claims are stored, {len(fresh)} are made now: `make notebooks`"]
    return [
        f"claim {new['id']}: {difference}: run `make notebooks` and read the chapter again"
        for old, new in zip(stored, fresh, strict=True)
        for difference in _differences(old, new)
    ]


def _differences(stored, fresh):
    for field in WORDS:
        if stored.get(field) != fresh.get(field):
            yield f"its {field} is {stored.get(field)!r} as stored, and {fresh.get(field)!r} now"
    old, new = ({piece["label"]: piece for piece in card["evidence"]} for card in (stored, fresh))
    if list(old) != list(new):
        yield f"its evidence is {list(old)} as stored, and {list(new)} now"
    for label in old.keys() & new.keys():
        if not _agree(old[label]["data"], new[label]["data"]):
            yield f"{label!r} is {old[label]['shown']} as stored, and {new[label]['shown']} now"
        margins = [piece.get("margins", []) for piece in (old[label], new[label])]
        if not _all_close(*margins):
            yield f"{label!r} has the margins {margins[0]} as stored, and {margins[1]} now"


def _agree(stored, fresh):
    if isinstance(stored, dict) and isinstance(fresh, dict):
        return _estimates_agree(stored, fresh)
    if isinstance(stored, float) and isinstance(fresh, float):
        return math.isclose(stored, fresh, rel_tol=TOLERANCE, abs_tol=ROUNDING)
    return stored == fresh


def _estimates_agree(stored, fresh):
    if any(stored[field] != fresh[field] for field in ("seeds", "unit", "confidence")):
        return False
    half = (stored["high"] - stored["low"]) / 2
    ends = [[estimate[name] for name in ("value", "low", "high")] for estimate in (stored, fresh)]
    return _all_close(*ends, OF_HALF_WIDTH * half + ROUNDING)


def _all_close(stored, fresh, slack=ROUNDING):
    return len(stored) == len(fresh) and all(
        math.isclose(old, new, rel_tol=EXACT, abs_tol=slack)
        for old, new in zip(stored, fresh, strict=True)
    )
