"""The notebooks of solutions hold what is in the package and what we found, and pass checks."""

import nbformat
import pytest
from bs4 import BeautifulSoup
from pages import NOTEBOOK
from solutions import CHAPTERS, INVESTIGATIONS, investigations, solutions_of, sources

from bncourse.exercises.catalogue import chapters, exercise_ids

FOLDER = CHAPTERS / "solutions"


def test_every_chapter_has_its_solutions_and_no_other_notebook_is_there():
    assert {path.stem for path in FOLDER.glob("*.ipynb")} == set(chapters())


@pytest.mark.parametrize("chapter", chapters())
def test_solutions_are_those_of_the_package(chapter):
    stored = nbformat.read(FOLDER / f"{chapter}.ipynb", as_version=4)
    assert sources(stored) == sources(solutions_of(chapter)), "run `make notebooks`"


@pytest.mark.parametrize("chapter", chapters())
def test_every_solution_passes_its_check(chapter):
    stored = nbformat.read(FOLDER / f"{chapter}.ipynb", as_version=4)
    checks = [cell for cell in stored.cells if cell.source.startswith("check(")]
    assert len(checks) == len(chapters()[chapter])
    for cell in checks:
        assert cell.outputs[0]["data"]["text/plain"].startswith("Passed: "), cell.source


def test_every_investigation_belongs_to_one_exercise_without_a_check():
    labels = [label for chapter in chapters() for label in investigations(chapter)]
    assert sorted(labels) == sorted(path.stem for path in INVESTIGATIONS.iterdir())
    assert not set(labels) & set(exercise_ids())


@pytest.mark.parametrize("chapter", chapters())
def test_no_cell_of_a_solution_is_empty_or_holds_a_fence(chapter):
    cells = solutions_of(chapter).cells
    assert all(cell.source for cell in cells)
    assert not [cell.source for cell in cells if "```" in cell.source]


def test_the_button_that_downloads_a_notebook_says_what_it_takes_to_run_it(site):
    page = site / "chapters" / "forward-pass.html"
    (button,) = BeautifulSoup(page.read_text("utf-8"), "html.parser").select(
        "a[href$='.ipynb'].btn"
    )
    assert button["title"] == NOTEBOOK
