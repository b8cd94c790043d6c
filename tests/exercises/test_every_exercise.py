"""What holds for every exercise: right answers pass, known mistakes are named, stubs are let be."""

import re
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import nbformat
import pytest

from bncourse import checker
from bncourse.checker.texts import read
from bncourse.exercises import check, hint
from bncourse.exercises.catalogue import (
    chapters,
    exercise,
    exercise_ids,
    folder_of,
    needs_torch,
    solution_of,
    texts_of,
)

ROOT = Path(__file__).parents[2]
TORCH = find_spec("torch")
IDS = [id for id in exercise_ids() if TORCH or not needs_torch(id)]
CHECKED = re.compile(r'^check\("([\w-]+)", (\w+)\)', re.M)
SECTIONS = read("exercises", "sections")


@cache
def answers(id):
    """Return the module with answers of people to an exercise."""
    return import_module(f"bncourse.exercises.{folder_of(id)}.answers")


def answer_of(source, name):
    """Run `source` and return what it calls `name`, or its only function or class."""
    space = {}
    exec(source, space)
    return space[name]


@cache
def notebook(chapter):
    return nbformat.read(ROOT / "chapters" / f"{chapter}.ipynb", as_version=4)


def stub_of(id):
    """Return the stub of an exercise: the cell above its check, after its statement."""
    chapter = next(chapter for chapter, ids in chapters().items() if id in ids)
    cells = notebook(chapter).cells
    for above, cell in zip(cells, cells[1:], strict=False):
        if (found := CHECKED.search(cell.source)) and found[1] == id:
            return above.source, found[2]
    raise AssertionError(f"{chapter}.ipynb has no cell that checks {id}")


def test_there_are_exercises():
    assert len(IDS) >= 24
    assert min(len(ids) for ids in chapters().values()) >= 2


@pytest.mark.parametrize("id", IDS)
def test_the_model_solution_passes(id):
    report = check(id, exercise(id).answer())
    assert report.passed, report


@pytest.mark.parametrize("id", IDS)
def test_the_model_solution_fits_a_notebook(id):
    _, code = solution_of(id)
    assert max(map(len, code.splitlines())) <= 76
    assert exercise(id).answer_name == stub_of(id)[1]


@pytest.mark.parametrize("id", IDS)
def test_the_stub_is_not_attempted_yet(id):
    source, name = stub_of(id)
    report = check(id, answer_of(source, name))
    assert report.verdict == "not attempted", report


@pytest.mark.parametrize("id", IDS)
def test_a_single_mistake_is_diagnosed_as_itself(id):
    task = exercise(id)
    named = {key: checker.check(task, task.answer(key)).mistakes for key in task.lines}
    assert named == {(id, number): (id,) for id, number in task.lines}


@pytest.mark.parametrize("id", IDS)
def test_right_answers_in_other_styles_pass(id):
    right = answers(id).RIGHT
    assert len(right) >= 5
    reports = [check(id, answer) for answer in right]
    assert not [report for report in reports if not report.passed]


@pytest.mark.parametrize("id", IDS)
def test_right_answers_that_are_not_wise_pass_with_a_remark(id):
    for answer in getattr(answers(id), "UNWISE", []):
        report = check(id, answer)
        assert report.passed, report
        assert report.remarks


@pytest.mark.parametrize("id", IDS)
def test_wrong_answers_of_people_are_rejected_and_named(id):
    for answer, named in answers(id).WRONG:
        report = check(id, answer)
        assert report.verdict == "not yet", (answer, report)
        assert named is None or set(report.mistakes) == named, (answer, report)


@pytest.mark.parametrize("id", IDS)
def test_the_texts_are_whole(id):
    texts, task = texts_of(id), exercise(id)
    assert set(texts) == {*("title", "difficulty", "minutes", "see", "cases", "hints", "mistakes")}
    names = [case.name for case in task.trial.cases]
    assert list(texts["cases"]) == names
    assert set(task.rounding) <= set(names)
    assert all(mistake.line or mistake.shows_on for mistake in task.mistakes.values())
    assert all(key in read("checker", "properties") for key, _ in task.trial.properties)
    assert 2 <= len(texts["hints"]) <= 3
    assert all(str(hint(id)) for _ in range(len(texts["hints"]) + 2))


@pytest.mark.parametrize("id", IDS)
def test_the_statement_and_the_texts_agree(id):
    chapter = next(chapter for chapter, ids in chapters().items() if id in ids)
    texts = texts_of(id)
    stars = "★" * texts["difficulty"]
    title = f"{{exercise}} {texts['title']} ({stars}, {texts['minutes']} minutes)\n:label: {id}\n"
    assert [cell for cell in notebook(chapter).cells if title in cell.source], title


def test_the_sections_are_those_that_mistakes_refer_to():
    referred = {
        data["see"]
        for id in exercise_ids()
        for data in [texts_of(id), *texts_of(id)["mistakes"].values()]
        if "see" in data
    }
    assert referred == set(SECTIONS)


@pytest.mark.parametrize("label", SECTIONS)
def test_a_section_stands_in_its_chapter_under_its_label(label):
    section = SECTIONS[label]
    cells = [c.source for c in notebook(section["chapter"]).cells if c.cell_type == "markdown"]
    heading = rf"^\({label}\)=\n#+ {re.escape(section['title'])}$"
    assert re.search(heading, "\n".join(cells), re.M), section
