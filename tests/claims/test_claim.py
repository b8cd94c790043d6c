"""A claim shows a card when it is what was measured, and raises when it is not."""

import json

import numpy as np
import pytest

from bncourse.claims import MIME, ClaimError, claim
from bncourse.claims.article import statements
from bncourse.statistics import Estimate

WIDTH = Estimate(1.6234, 1.4789, 1.7702, 20, "decades")
TEXT = "Batch norm widens the range."
CASES = {"a batch holds 2 images": True, "a batch holds 64 images": False}
WHEN = ["a batch holds 2 images"]


def card(**changes):
    arguments = {"id": "C5.rates", "text": TEXT, "holds": True, "evidence": {"wider by": WIDTH}}
    return claim(**arguments | changes)


def bundle(**changes):
    return card(**changes)._repr_mimebundle_()


@pytest.mark.parametrize(
    ("stated", "verdict"),
    [
        ({}, "holds"),
        ({"holds": np.True_}, "holds"),
        ({"holds": False, "verdict": "does not hold"}, "does not hold"),
        ({"holds": {"a": True, "b": True}}, "holds"),
        ({"holds": {"a": False, "b": False}, "verdict": "does not hold"}, "does not hold"),
        ({"holds": CASES, "when": WHEN}, "holds when"),
    ],
)
def test_what_is_measured_as_stated_gets_a_card(stated, verdict):
    assert card(**stated).verdict == verdict


@pytest.mark.parametrize(
    "stated",
    [
        {"holds": False},
        {"holds": np.False_},
        {"verdict": "does not hold"},
        {"holds": CASES},
        {"holds": CASES, "verdict": "does not hold"},
        {"holds": CASES, "when": ["a batch holds 64 images"]},
        {"holds": dict.fromkeys(CASES, True), "when": WHEN},
        {"holds": dict.fromkeys(CASES, False), "when": WHEN},
    ],
)
def test_what_is_not_measured_as_stated_raises(stated):
    with pytest.raises(ClaimError, match=r"claim C5.rates is stated .* correct the text or the"):
        card(**stated)


def test_the_error_shows_both_verdicts_and_the_numbers():
    with pytest.raises(AssertionError, match="stated as 'holds'.*says 'does not hold'.*1.48 to"):
        card(holds=False)


@pytest.mark.parametrize("claim_id", ["C5", "X1.as-it-is", "E3.2", "own.cost", *statements()])
def test_known_ids_are_accepted(claim_id):
    assert card(id=claim_id).id == claim_id


@pytest.mark.parametrize(
    "claim_id", ["C11", "c5", "C5.", "C5.Rates", "C5 rates", "C5.a.b", "own", "cost", ""]
)
def test_unknown_ids_are_refused_with_those_that_are_known(claim_id):
    with pytest.raises(ValueError, match=r"use one of C1, .*C10.*'own.<name>'"):
        card(id=claim_id)


@pytest.mark.parametrize("value", [1, "yes", None, WIDTH, np.array([True])])
def test_truthy_things_are_no_verdict(value):
    with pytest.raises(TypeError, match=r"holds must be True or False, got .* width.above\(0\)"):
        card(holds=value)


@pytest.mark.parametrize(
    ("wrong", "error", "message"),
    [
        ({"holds": {"a": 1}}, TypeError, "True or False for 'a', got 1"),
        ({"holds": {}}, ValueError, "holds has no case"),
        ({"verdict": "holds when"}, ValueError, "verdict is 'holds when': use one of"),
        ({"holds": CASES, "when": list(CASES)}, ValueError, "some of these cases and not of all"),
        ({"holds": CASES, "when": ["other"]}, ValueError, r"when is \['other'\]"),
        ({"holds": CASES, "when": WHEN[0]}, ValueError, "give when= a list"),
        ({"when": WHEN}, ValueError, "give when= a list of some"),
        ({"holds": CASES, "when": WHEN, "verdict": "does not hold"}, ValueError, "no verdict"),
        ({"text": "Batch norm"}, ValueError, "write the claim as a sentence"),
        ({"evidence": {}}, TypeError, "give an Estimate, or a mapping"),
        ({"evidence": 3}, TypeError, "evidence is 3: give an Estimate, or a mapping"),
        ({"evidence": {"a": True}}, TypeError, "evidence 'a' is True: give an Estimate, a finite"),
        ({"evidence": {"a": np.nan}}, TypeError, "evidence 'a' is nan"),
        ({"evidence": {"a": " "}}, TypeError, "an exact fact in words"),
    ],
)
def test_wrong_arguments_are_refused(wrong, error, message):
    with pytest.raises(error, match=message):
        card(**wrong)


def test_every_statement_of_the_article_is_known():
    expected = {f"C{n}" for n in range(1, 11)} | {"X1", "E1", "E2", "E3"}
    assert set(statements()) == expected


def test_card_is_the_same_data_after_a_round_trip():
    data = bundle(holds=CASES, when=WHEN, evidence={"n": np.int64(3), "x": np.float32(0.5)})[MIME]
    back = json.loads(json.dumps(data))
    assert [piece["data"] for piece in back["evidence"]] == [3, 0.5]
    assert (back["verdict"], dict(back["cases"])) == ("holds when", CASES)
    assert back["anchor"] == "claim-c5-rates"


def test_evidence_without_a_name_is_called_measured():
    assert card(evidence=WIDTH).evidence[0].label == "measured"


@pytest.mark.parametrize("form", ["text/html", "text/plain"])
@pytest.mark.parametrize(
    "words",
    [
        "Holds when …",
        TEXT,
        "It holds when a batch holds 2 images.",
        "It does not hold when a batch holds 64 images.",
        "wider by",
        "1.62 decades (95% interval 1.48 to 1.77, 20 seeds)",
        "The article says (§ 3.1, C5): “Batch normalization makes training converge faster",
    ],
)
def test_card_shows(form, words):
    assert words in bundle(holds=CASES, when=WHEN)[form]


def test_card_links_to_its_row_among_all_claims():
    assert '<a href="claims.html#c5">' in bundle()["text/html"]
    assert "<a " not in bundle(id="own.cost")["text/html"]
    assert "article says" not in bundle(id="own.cost")["text/plain"]


def test_card_is_named_by_its_sentence():
    html = bundle()["text/html"]
    assert 'id="claim-c5-rates" aria-labelledby="claim-c5-rates-text"' in html
    assert '<p id="claim-c5-rates-text">' in html


def test_text_is_no_markup():
    html = bundle(text="It is <b> & more.", evidence={"<i>": "1 < 2"})["text/html"]
    assert "It is &lt;b&gt; &amp; more." in html
    assert "<dt>&lt;i&gt;</dt><dd>1 &lt; 2</dd>" in html


def test_whole_numbers_are_shown_whole_and_others_with_three_digits():
    shown = [p.shown for p in card(evidence={"n": 123456, "x": 1.23456, "e": 8.88e-16}).evidence]
    assert shown == ["123456", "1.23", "8.88 × 10⁻¹⁶"]
