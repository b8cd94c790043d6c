"""How long a check takes: of a right answer, and of a wrong one that no known mistake explains."""

import pytest
from solutions import name_of_answer

from bncourse.exercises import check
from bncourse.exercises.catalogue import chapters, exercise, solution_source
from bncourse.exercises.observing import expected

EXERCISES = [(id, chapter) for chapter, ids in chapters().items() for id in ids]


@pytest.fixture(autouse=True)
def progress_file(tmp_path, monkeypatch):
    monkeypatch.setenv("BNCOURSE_PROGRESS", str(tmp_path / "progress.json"))


def model_answer(id, chapter):
    space = {}
    exec(solution_source(id)[1], space)
    return space[name_of_answer(id, chapter)]


@pytest.mark.parametrize(("id", "chapter"), EXERCISES)
def test_check_of_the_model_solution(benchmark, id, chapter):
    answer = model_answer(id, chapter)
    report = benchmark.pedantic(check, (id, answer), setup=expected.cache_clear, rounds=3)
    assert report.passed


@pytest.mark.parametrize(("id", "chapter"), EXERCISES)
def test_check_of_an_answer_that_nothing_explains(benchmark, id, chapter):
    if exercise(id).wants == "number":
        pytest.skip("there is no search for numbers to speak of")
    answer = model_answer(id, chapter)

    def stranger(*args, **kwargs):
        value = answer(*args, **kwargs)
        return value * 1.001 + 0.001 if hasattr(value, "shape") else value

    benchmark.pedantic(check, (id, stranger), setup=expected.cache_clear, rounds=3)
