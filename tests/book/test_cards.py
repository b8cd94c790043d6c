"""The stale-card check sees a change of meaning, and not one of the last digits."""

import copy
import json

import pytest
from cards import MIME, cards, stale_cards, without_cards

from bncourse.claims import claim
from bncourse.statistics import Estimate

WIDTH = Estimate(1.62, 1.48, 1.76, 20, "decades")


def outputs(**changes):
    arguments = {
        "id": "C5.rates",
        "text": "Batch norm widens the range.",
        "holds": {"a": True, "b": False},
        "when": ["a"],
        "evidence": evidence(),
    }
    bundle = claim(**arguments | changes)._repr_mimebundle_()
    data = json.loads(json.dumps(bundle))  # as the kernel sends it
    return [{"output_type": "execute_result", "data": data}]


def evidence(width=WIDTH, fact="all equal", number=0.5, count=9, tiny=2e-16, still=0.1):
    return {
        "wider by": width,
        "fact": fact,
        "number": number,
        "count": count,
        "tiny": tiny,
        "still": Estimate(still, still, still, 10),
    }


def test_same_card_passes():
    assert stale_cards(outputs(), outputs()) == []


@pytest.mark.parametrize(
    "drift",
    [
        {"width": Estimate(1.622, 1.481, 1.762, 20, "decades")},  # half the width is 0.14
        {"width": Estimate(1.62, 1.4775, 1.7625, 20, "decades")},
        {"number": 0.5002},
        {"tiny": 9e-16},
        {"tiny": 0.0},
        {"still": 0.1 + 1e-8},
    ],
    ids=str,
)
def test_rounding_passes(drift):
    assert stale_cards(outputs(), outputs(evidence=evidence(**drift))) == []


@pytest.mark.parametrize(
    ("change", "label"),
    [
        ({"width": Estimate(1.63, 1.49, 1.77, 20, "decades")}, "wider by"),
        ({"width": Estimate(1.62, 1.47, 1.76, 20, "decades")}, "wider by"),
        ({"width": Estimate(1.62, 1.48, 1.77, 20, "decades")}, "wider by"),
        ({"width": Estimate(1.62, 1.48, 1.76, 21, "decades")}, "wider by"),
        ({"width": Estimate(1.62, 1.48, 1.76, 20, "octaves")}, "wider by"),
        ({"width": 1.62}, "wider by"),
        ({"fact": "nearly equal"}, "fact"),
        ({"number": 0.502}, "number"),
        ({"number": -0.5}, "number"),
        ({"count": 10}, "count"),
        ({"tiny": 1e-9}, "tiny"),
        ({"still": 0.1001}, "still"),
    ],
    ids=str,
)
def test_changed_evidence_is_reported(change, label):
    (message,) = stale_cards(outputs(), outputs(evidence=evidence(**change)))
    assert message.startswith(f"claim C5.rates: '{label}' is ")
    assert message.endswith("run `make notebooks` and read the chapter again")


def test_a_changed_margin_is_reported():
    before, after = ({"a": WIDTH.above(margin), "b": False} for margin in (1.25, 1.3))
    (message,) = stale_cards(outputs(holds=before), outputs(holds=after))
    assert "'wider by' has the margins [1.25] as stored, and [1.3] now" in message


@pytest.mark.parametrize(
    "change",
    [
        {"text": "Batch norm narrows the range."},
        {"id": "C5.other"},
        {"holds": {"a": True, "c": False}},
        {"evidence": {"wider by": WIDTH}},
        {"settings": ["another network"]},
    ],
    ids=str,
)
def test_changed_words_are_reported(change):
    (message,) = stale_cards(outputs(), outputs(**change))
    assert "as stored" in message


def test_changed_verdict_is_reported():
    messages = stale_cards(outputs(), outputs(holds=True, when=()))
    assert "its verdict is 'holds in' as stored, and 'holds' now" in messages[0]


def test_missing_and_new_cards_are_reported():
    assert stale_cards(outputs(), [])[0].startswith("1 claims are stored, 0 are made now")
    assert stale_cards([], outputs())[0].startswith("0 claims are stored, 1 are made now")


def test_cards_are_told_from_other_outputs():
    text = {"output_type": "stream", "name": "stdout", "text": "hello"}
    table = {"output_type": "display_data", "data": {"text/html": "<table>"}}
    mixed = [text, *outputs(), table]
    assert without_cards(mixed) == [text, table]
    assert [card["id"] for card in cards(mixed)] == ["C5.rates"]


def test_comparison_changes_nothing():
    stored = outputs()
    before = copy.deepcopy(stored)
    stale_cards(stored, outputs(evidence=evidence(number=3.0)))
    assert stored == before and MIME in stored[0]["data"]
