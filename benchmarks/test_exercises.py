"""How long a check takes: of a right answer, and of a wrong one that no known mistake explains."""

import pytest

from bncourse.checker.observing import expected
from bncourse.exercises import check
from bncourse.exercises.catalogue import exercise, exercise_ids


@pytest.fixture(autouse=True)
def progress_file(tmp_path, monkeypatch):
    monkeypatch.setenv("BNCOURSE_PROGRESS", str(tmp_path / "progress.json"))


@pytest.mark.parametrize("id", exercise_ids())
def test_check_of_the_model_solution(benchmark, id):
    answer = exercise(id).answer()
    report = benchmark.pedantic(check, (id, answer), setup=expected.cache_clear, rounds=3)
    assert report.passed


@pytest.mark.parametrize("id", exercise_ids())
def test_check_of_an_answer_that_nothing_explains(benchmark, id):
    if exercise(id).trial.wants == "number":
        pytest.skip("there is no search for numbers to speak of")
    answer = exercise(id).answer()

    def stranger(*args, **kwargs):
        value = answer(*args, **kwargs)
        return value * 1.001 + 0.001 if hasattr(value, "shape") else value

    benchmark.pedantic(check, (id, stranger), setup=expected.cache_clear, rounds=3)
