"""Tell whether two runs of a notebook's cell show the same claim.

nbval compares text, and the numbers of a claim that rests on training may differ in their last
digits, or by a seed, on another processor. So cards are compared by what they mean: words, cases
and exact facts must be equal; the stored value of an estimate must lie in the interval measured
now, and the two intervals must be about equally wide. With the same seeds, that leaves room for a
training run that took another course, and none for a number that no longer is the code's.
"""

import math

MIME = "application/vnd.bncourse.claim+json"
WIDER = 2  # times as wide an interval may be as the other one
TOLERANCE = 0.1  # of a plain number
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
    for field in ("id", "text", "verdict", "cases"):
        if stored[field] != fresh[field]:
            yield f"its {field} is {stored[field]!r} as stored, and {fresh[field]!r} now"
    old, new = ({piece["label"]: piece for piece in card["evidence"]} for card in (stored, fresh))
    if list(old) != list(new):
        yield f"its evidence is {list(old)} as stored, and {list(new)} now"
    for label in old.keys() & new.keys():
        if not _agree(old[label]["data"], new[label]["data"]):
            yield f"{label!r} is {old[label]['shown']} as stored, and {new[label]['shown']} now"


def _agree(stored, fresh):
    if isinstance(stored, dict) and isinstance(fresh, dict):
        return _estimates_agree(stored, fresh)
    if isinstance(stored, float) and isinstance(fresh, float):
        return math.isclose(stored, fresh, rel_tol=TOLERANCE, abs_tol=ROUNDING)
    return stored == fresh


def _estimates_agree(stored, fresh):
    slack = ROUNDING + 1e-9 * abs(fresh["value"])  # for intervals of no width
    narrow, wide = sorted(estimate["high"] - estimate["low"] for estimate in (stored, fresh))
    return (
        all(stored[field] == fresh[field] for field in ("seeds", "unit", "confidence"))
        and fresh["low"] - slack <= stored["value"] <= fresh["high"] + slack
        and wide <= WIDER * narrow + slack
    )
