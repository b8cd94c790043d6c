"""What holds for every exercise: right answers pass, known mistakes are named, stubs are let be."""

import importlib.util
import re
from functools import cache
from pathlib import Path

import nbformat
import pytest

from bncourse.exercises import check, hint
from bncourse.exercises.catalogue import (
    chapters,
    exercise,
    exercise_ids,
    solution_source,
    switches_of,
    texts_of,
)
from bncourse.exercises.texts import mistakes, read

ROOT = Path(__file__).parents[2]
IDS = exercise_ids()
SINGLES = [(id, mistake) for id in IDS for mistake in switches_of(id)]
CHECKED = re.compile(r'^check\("([\w-]+)", (\w+)\)', re.M)


@cache
def answers(id):
    """Return the module with answers of people to an exercise."""
    path = Path(__file__).parent / "answers" / f"{id.replace('-', '_')}.py"
    spec = importlib.util.spec_from_file_location(f"answers_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


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


def model_answer(id):
    _, code = solution_source(id)
    _, name = stub_of(id)
    return answer_of(code, name)


def test_there_are_exercises():
    assert len(IDS) >= 24
    assert min(len(ids) for ids in chapters().values()) >= 2


@pytest.mark.parametrize("id", IDS)
def test_the_model_solution_passes(id):
    report = check(id, model_answer(id))
    assert report.passed, report


@pytest.mark.parametrize("id", IDS)
def test_the_stub_is_not_attempted_yet(id):
    source, name = stub_of(id)
    report = check(id, answer_of(source, name))
    assert report.verdict == "not attempted", report


@pytest.mark.parametrize(("id", "mistake"), SINGLES)
def test_a_single_mistake_is_diagnosed_as_itself(id, mistake):
    report = check(id, exercise(id).make(**switches_of(id)[mistake]))
    assert report.mistakes == (mistake,), report


@pytest.mark.parametrize("id", IDS)
def test_right_answers_in_other_styles_pass(id):
    right = answers(id).RIGHT
    assert len(right) >= 5
    reports = [check(id, answer) for answer in right]
    assert not [report for report in reports if not report.passed]


@pytest.mark.parametrize("id", IDS)
def test_wrong_answers_of_people_are_rejected_and_named(id):
    for answer, named in answers(id).WRONG:
        report = check(id, answer)
        assert report.verdict == "not yet", (answer, report)
        assert named is None or set(report.mistakes) == named, (answer, report)


@pytest.mark.parametrize("id", IDS)
def test_the_texts_are_whole(id):
    texts, task = texts_of(id), exercise(id)
    assert set(texts) <= {"title", "difficulty", "minutes", "probes", "mistakes", "hints"}
    assert set(texts["probes"]) == {probe.name for probe in task.probes}
    rounding = {probe.rounding for probe in task.probes if probe.rounding}
    assert set(texts["mistakes"]) | rounding <= set(mistakes())
    assert all(key in read("properties") for key, _ in task.properties)
    assert 2 <= len(texts["hints"]) <= 3
    assert all(str(hint(id)) for _ in range(len(texts["hints"]) + 2))


@pytest.mark.parametrize("id", IDS)
def test_the_statement_and_the_texts_agree(id):
    chapter = next(chapter for chapter, ids in chapters().items() if id in ids)
    texts = texts_of(id)
    stars = "★" * texts["difficulty"]
    title = f"{{exercise}} {texts['title']} ({stars}, {texts['minutes']} minutes)\n:label: {id}\n"
    assert [cell for cell in notebook(chapter).cells if title in cell.source], title


def test_every_explained_mistake_belongs_to_an_exercise():
    used = {mistake for id in IDS for mistake in switches_of(id)}
    used |= {probe.rounding for id in IDS for probe in exercise(id).probes if probe.rounding}
    assert set(mistakes()) == used


@pytest.mark.parametrize("mistake", mistakes())
def test_a_mistake_links_to_a_section_that_exists(mistake):
    words = mistakes()[mistake]
    assert set(words) == {"says", "next", "see"}
    name, _, heading = words["see"].partition("#")
    cells = [cell.source for cell in notebook(name).cells if cell.cell_type == "markdown"]
    assert re.search(rf"^#+ {re.escape(heading)}$", "\n".join(cells), re.M), words["see"]
