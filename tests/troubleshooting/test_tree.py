"""The tree itself: each question has a measurement, each measurement a question."""

import string
from pathlib import Path

import pytest

from bncourse import troubleshooting
from bncourse.drawings import tree as drawn
from bncourse.drawings.texts import texts as words_of
from bncourse.troubleshooting.tree import texts

BRANCHES = texts()["branch"]
CAUSES = [cause for branch in BRANCHES for cause in branch["cause"]]
MEASURED = [question for question in (*BRANCHES, *CAUSES) if "number" in question]
SENTENCES = "asks", "number", "limit", "because", "says", "means", "mend"


def test_each_question_with_a_number_has_a_measurement_of_its_name():
    folder = Path(troubleshooting.__file__).parent / "measurements"
    files = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    assert files == {question["id"] for question in MEASURED}


def test_no_two_questions_have_one_name():
    ids = [question["id"] for question in (*BRANCHES, *CAUSES)]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("cause", CAUSES, ids=lambda cause: cause["id"])
def test_each_cause_has_all_its_sentences(cause):
    assert set(cause) - {"id", "last"} == set(SENTENCES)
    assert cause["asks"].endswith("?")
    assert all(cause[key].endswith((".", "?")) for key in ("because", "says", "means"))


@pytest.mark.parametrize("question", [*BRANCHES, *CAUSES], ids=lambda question: question["id"])
def test_braces_hold_names_only(question):
    for text in question.values():
        if isinstance(text, str):
            names = [name for _, name, _, _ in string.Formatter().parse(text) if name is not None]
            assert all(name.isidentifier() for name in names), text


@pytest.mark.parametrize("branch", BRANCHES, ids=lambda branch: branch["id"])
def test_a_branch_with_a_number_says_what_to_think_if_no_cause_is_found(branch):
    assert ("number" in branch) == ("unexplained" in branch)


def test_the_drawing_has_the_same_questions_and_causes_in_the_same_order():
    found = {branch["id"]: tuple(c["id"] for c in branch["cause"]) for branch in BRANCHES}
    assert list(drawn.CAUSES.items()) == list(found.items())


def test_the_drawing_has_words_for_each_and_for_nothing_else():
    words = words_of("troubleshooting_tree")
    assert set(words["branch"]) == {branch["id"] for branch in BRANCHES}
    assert set(words["cause"]) == {cause["id"] for cause in CAUSES}
