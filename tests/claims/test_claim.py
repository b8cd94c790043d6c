"""A claim shows a card when it is what was measured, and raises when it is not."""

import json
import re

import numpy as np
import pytest

from bncourse.claims import MIME, ClaimError, claim
from bncourse.claims.article import fits, statements, syntheses
from bncourse.statistics import Estimate, Judgement, exactly

WIDTH = Estimate(1.6234, 1.4789, 1.7702, 20, "decades")
TEXT = "Batch norm widens the range."
CASES = {"a batch holds 2 images": True, "a batch holds 64 images": False}
WHEN = ["a batch holds 2 images"]
YES, MAYBE, NO = WIDTH.above(1), WIDTH.above(1.5), WIDTH.above(2)
SOME = {"a": YES, "b": MAYBE, "c": NO}


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
        ({"holds": CASES, "when": WHEN}, "holds in"),
        ({"holds": YES}, "holds"),
        ({"holds": MAYBE, "verdict": "open"}, "open"),
        ({"holds": NO, "verdict": "does not hold"}, "does not hold"),
        ({"holds": SOME, "when": ["a"], "open": ["b"]}, "holds in"),
        ({"holds": {"a": YES, "b": MAYBE}, "open": ["b"]}, "holds in"),
        ({"holds": {"a": YES, "b": MAYBE}, "when": ["a"], "open": ["b"]}, "holds in"),
        ({"holds": {"a": MAYBE, "b": MAYBE}, "verdict": "open"}, "open"),
        (
            {"holds": {"b": MAYBE, "c": NO}, "open": ["b"], "verdict": "does not hold"},
            "does not hold in",
        ),
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
        {"holds": MAYBE},
        {"holds": MAYBE, "verdict": "does not hold"},
        {"holds": YES, "verdict": "open"},
        {"holds": NO, "verdict": "open"},
        {"holds": SOME, "when": ["a"]},
        {"holds": SOME, "when": ["b"], "open": ["a"]},
    ],
)
def test_what_is_not_measured_as_stated_raises(stated):
    with pytest.raises(ClaimError, match=r"claim C5.rates is stated .* correct the text or the"):
        card(**stated)


def test_the_error_shows_both_verdicts_and_the_numbers():
    with pytest.raises(AssertionError, match="stated as 'holds'.*says 'does not hold'.*1.48 to"):
        card(holds=False)


def test_the_error_shows_how_far_from_its_margin_a_value_is():
    distance = rf"open \({MAYBE.distance:.1f} standard errors beyond its margin\)"
    with pytest.raises(ClaimError, match=distance):
        card(holds=MAYBE)


def test_what_is_true_of_the_interval_alone_is_open():
    lucky = WIDTH.above(1.45)
    assert lucky and lucky.verdict is None
    assert card(holds=lucky, verdict="open").verdict == "open"


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
    with pytest.raises(TypeError, match=r"True or False or a judgement, got .* width.above\(0\)"):
        card(holds=value)


@pytest.mark.parametrize(
    ("wrong", "error", "message"),
    [
        ({"holds": {"a": 1}}, TypeError, "a judgement for 'a', got 1"),
        ({"holds": {}}, ValueError, "holds has no case"),
        ({"verdict": "holds when"}, ValueError, "verdict is 'holds when': use one of"),
        ({"holds": CASES, "when": list(CASES)}, ValueError, "some of these cases and not of all"),
        ({"holds": CASES, "when": ["other"]}, ValueError, r"when is \['other'\]"),
        ({"holds": CASES, "open": ["other"]}, ValueError, r"open is \['other'\]"),
        ({"holds": CASES, "open": WHEN, "verdict": "open"}, ValueError, "besides open="),
        ({"holds": CASES, "open": WHEN, "when": WHEN}, ValueError, "a case in one of them"),
        ({"settings": "20 seeds"}, TypeError, r"settings=\[history\]"),
        ({"settings": [3]}, TypeError, "settings holds 3: give a history"),
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
    assert (back["verdict"], dict(back["cases"])) == ("holds in", CASES)
    assert back["anchor"] == "claim-c5-rates"


def test_evidence_without_a_name_is_called_measured():
    assert card(evidence=WIDTH).evidence[0].label == "measured"


def test_every_part_of_a_card_is_plain_data():
    data = bundle(holds=SOME, when=["a"], open=["b"], settings=["20 seeds"])[MIME]
    back = json.loads(json.dumps(data, allow_nan=False))
    assert back["cases"] == [["a", True], ["b", None], ["c", False]]
    assert back["distances"] == [round(SOME[case].distance, 3) for case in "abc"]
    assert back["evidence"][0]["margins"] == [1.0, 1.5, 2.0]
    assert back["settings"] == "20 seeds."


def test_an_exact_fact_has_no_distance():
    assert card(holds=True).distances == (None,)
    assert card(holds=Estimate(1.0, 1.0, 1.0, 10).above(0)).distances == (None,)


@pytest.mark.parametrize("form", ["text/html", "text/plain"])
@pytest.mark.parametrize(
    "words",
    [
        "Holds in some cases",
        TEXT,
        "Held: a.",
        "Open: b.",
        "Did not hold: c.",
        "wider by",
        "1.62 decades (95% interval 1.48 to 1.77, 20 seeds)",
        f"Each value that decides lies {-NO.distance:.1f} standard errors or more from its margin",
        "How it was measured",
        "A dense network.",
        "What the article says, in our words (§ 3.1, C5): Batch normalization makes",
    ],
)
def test_card_shows(form, words):
    shown = bundle(holds=SOME, when=["a"], open=["b"], settings=["a dense network"])[form]
    assert words in re.sub(r"</?span[^>]*>", "", shown)


def test_an_open_card_says_how_near_its_value_is():
    shown = card(holds=MAYBE, verdict="open").sentences()["distance"]
    assert shown.startswith(f"No value lies more than {MAYBE.distance:.1f} standard errors")


def test_card_of_exact_facts_says_nothing_of_distances():
    assert card(holds=True).sentences()["distance"] is None


def test_card_names_its_row_without_a_link():
    assert '<span class="claim-row">C5</span>' in bundle()["text/html"]
    assert "<a " not in bundle()["text/html"]  # JupyterLab has no page of claims
    assert "article says" not in bundle(id="own.cost")["text/plain"]


def test_numbers_are_folded_and_facts_are_not():
    html = bundle(evidence={"wider by": WIDTH, "fact": "all equal"})["text/html"]
    open_part, fold = html.split("<details")
    assert "<dt>fact</dt>" in open_part and "<dt>wider by</dt>" in fold


def test_a_card_is_small():
    many = {f"arm {number}": WIDTH for number in range(9)}
    assert len(json.dumps(bundle(evidence=many))) < 12_000


class TestRecord:
    """With BNCOURSE_CLAIMS, claims are written down and nothing is raised."""

    @pytest.fixture(autouse=True)
    def path(self, tmp_path, monkeypatch):
        monkeypatch.setenv("BNCOURSE_CLAIMS", str(tmp_path / "claims.jsonl"))
        return tmp_path / "claims.jsonl"

    def lines(self, path):
        return [json.loads(line) for line in path.read_text("utf-8").splitlines()]

    def test_a_changed_verdict_is_written_and_not_raised(self, path):
        assert card(holds=MAYBE).verdict == "open"
        (line,) = self.lines(path)
        assert (line["id"], line["text"]) == ("C5.rates", TEXT)
        assert (line["stated"], line["measured"]) == ("holds", "open")
        assert line["cases"] == {"": {"stated": "holds", "measured": "open"}}
        assert line["distances"] == {"": round(MAYBE.distance, 3)}
        assert Estimate(**line["evidence"]["wider by"]) == WIDTH

    def test_each_claim_is_a_line_with_its_cases(self, path):
        card(holds=True)
        card(id="own.cost", holds=SOME, when=["a"], open=["c"])
        exact, cases = self.lines(path)
        assert exact["distances"] == {"": None}
        assert cases["cases"]["c"] == {"stated": "open", "measured": "does not hold"}
        assert (cases["stated"], cases["measured"]) == ("holds in", "holds in")

    def test_what_is_stated_must_still_name_cases(self):
        with pytest.raises(ValueError, match=r"when is \['other'\]"):
            card(holds=SOME, when=["other"])


@pytest.mark.parametrize(
    ("verdict", "cards", "fit"),
    [
        ("holds", ["holds", "open"], True),
        ("holds", ["holds in"], True),
        ("holds", ["holds", "does not hold"], False),
        ("holds", ["holds", "does not hold in"], False),
        ("holds", ["open"], False),
        ("holds in part", ["holds", "does not hold"], True),
        ("holds in part", ["holds in"], True),
        ("holds in part", ["holds"], False),
        ("holds in part", ["does not hold", "open"], False),
        ("does not hold", ["does not hold", "holds in"], True),
        ("does not hold", ["does not hold", "holds"], False),
        ("open", ["open", "open"], True),
        ("open", ["open", "holds"], False),
        ("holds", [], False),
    ],
)
def test_a_synthesis_must_fit_its_cards(verdict, cards, fit):
    assert fits({"verdict": verdict}, cards) == fit


def test_what_nobody_doubts_needs_no_card():
    assert fits({"verdict": "holds", "asserted": "forward-pass"}, [])
    assert not fits({"verdict": "open", "asserted": "forward-pass"}, [])


def test_every_statement_has_its_synthesis_in_words():
    assert list(syntheses()) == list(statements())
    for synthesis in syntheses().values():
        assert not re.search(r"\d", synthesis["text"]), "numbers are on the cards"
        assert synthesis["text"].endswith(".") and len(synthesis["text"]) < 300


def test_judgements_that_were_combined_show_all_their_margins():
    made = card(holds=WIDTH.within(1, 2) & exactly(True))
    assert made.evidence[0].margins == (1.0, 2.0)
    assert isinstance(YES, Judgement)


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
