"""The catalogue, the folders and the book name the same exercises, in the same order."""

import re
from pathlib import Path

import pytest

import bncourse.exercises
from bncourse.exercises import quiz
from bncourse.exercises.catalogue import chapters, exercise_ids, folder_of, texts_of

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


def test_there_is_one_folder_for_each_exercise():
    folders = {path.parent.name for path in ROOM.glob("*/trial.py")}
    assert folders == {folder_of(id) for id in exercise_ids()}


@pytest.mark.parametrize("id", exercise_ids())
def test_a_folder_holds_all_of_an_exercise(id):
    files = {path.name for path in (ROOM / folder_of(id)).iterdir() if path.is_file()}
    assert files == {"answers.py", "solution.py", "texts.toml", "trial.py"}


def test_titles_tell_exercises_apart():
    titles = [texts_of(id)["title"] for id in exercise_ids()]
    assert len(set(titles)) == len(titles)


def test_a_quiz_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match="no questions for 'summary'.*forward-pass"):
        quiz("summary")


def test_exercises_share_materials_and_nothing_else():
    for path in ROOM.glob("*/*.py"):
        for name in re.findall(r"from bncourse\.exercises\.(\w+)", path.read_text()):
            assert name == "materials" or name == path.parent.name, path
