"""The notebooks of solutions hold the model solutions of the package, and pass their checks."""

import nbformat
import pytest
from solutions import CHAPTERS, solutions_of, sources

from bncourse.exercises.catalogue import chapters

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
