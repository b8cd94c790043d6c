"""The catalogue, the folders and the book name the same exercises, in the same order."""

import re
from pathlib import Path

import pytest

import bncourse.exercises
from bncourse.exercises import quiz
from bncourse.exercises.catalogue import chapters, exercise_ids, texts_of
from bncourse.exercises.texts import names

BOOK = Path(__file__).parents[2]
ROOM = Path(bncourse.exercises.__file__).parent
IN_THE_BOOK = re.findall(r"file: chapters/([\w-]+)$", (BOOK / "_toc.yml").read_text(), re.M)


def test_the_chapters_are_in_the_order_of_the_book():
    assert list(chapters()) == [name for name in IN_THE_BOOK if name in chapters()]


def test_every_chapter_has_exercises_that_are_checked_or_solved_in_place():
    notebooks = {path.stem: path.read_text("utf-8") for path in (BOOK / "chapters").glob("*.ipynb")}
    assert set(chapters()) <= set(notebooks)
    for name in set(notebooks) - set(chapters()):
        asked = re.findall(r"{exercise} (.*) \(", notebooks[name])
        solved = re.findall(r"{admonition} Solution: (.*?)\\n", notebooks[name])
        assert len(asked) >= 2
        assert [title.lower() for title in asked] == solved


def test_no_exercise_is_listed_twice():
    assert len(set(exercise_ids())) == len(exercise_ids())


@pytest.mark.parametrize("folder", ["tasks", "solutions"])
def test_a_folder_of_modules_holds_one_for_each_exercise(folder):
    modules = {path.stem for path in (ROOM / folder).glob("*.py")} - {"__init__"}
    assert modules == {id.replace("-", "_") for id in exercise_ids()}


def test_the_texts_hold_one_file_for_each_exercise():
    assert set(names("exercises")) == set(exercise_ids())


def test_titles_tell_exercises_apart():
    titles = [texts_of(id)["title"] for id in exercise_ids()]
    assert len(set(titles)) == len(titles)


def test_a_quiz_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match="no questions for 'summary'.*forward-pass"):
        quiz("summary")


def test_materials_know_no_task():
    uses = [path.name for path in (ROOM / "materials").glob("*.py") if ".tasks" in path.read_text()]
    assert uses == []
