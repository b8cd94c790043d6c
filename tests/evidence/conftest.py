"""A small question with a made-up answer, and a folder of its own for what is stored."""

import numpy as np
import pytest

from bncourse.evidence import Config, History, Question, grid


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Store results in a folder of the test's own."""
    monkeypatch.setenv("BNCOURSE_EVIDENCE", str(tmp_path))
    return tmp_path


@pytest.fixture
def question():
    """Return a question of two arms and three seeds."""
    return Question(tuple(grid(Config(), learning_rate=[0.1, 0.2])), (0, 1, 2), {"test": True})


@pytest.fixture
def answer(question):
    """Return an answer with numbers of every kind."""
    rng = np.random.default_rng(0)
    arrays = {
        "epoch_loss": rng.random((2, 3, 4)).astype(np.float32),
        "test_accuracy": rng.integers(0, 360, (2, 3)) / 360,
        "diverged": np.zeros((2, 3), bool),
        "layers": np.array([[[1.0], [np.nan], [np.inf]]] * 2),
    }
    times = {"epoch": [1, 2, 3, 4]}
    return History(question.configs, question.seeds, arrays, times, {"epoch_loss": "epoch"}, [8, 8])
