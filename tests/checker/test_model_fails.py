"""Where the model solution itself fails, no answer passes."""

import contextlib

import pytest

from bncourse.checker import observing
from bncourse.exercises import check

ID = "batch-norm-forward"


@contextlib.contextmanager
def failing():
    raise ImportError("something is broken here")
    yield


def test_surroundings_that_fail_are_our_mistake_and_let_nothing_pass(monkeypatch):
    monkeypatch.setattr(observing, "_neutral", failing)
    observing.expected.cache_clear()
    with pytest.raises(ImportError, match="something is broken here"):
        check(ID, lambda x, gamma, beta, eps=1e-5: x)


def test_model_solution_that_fails_is_told(monkeypatch):
    def tried(exercise, answer, args):
        return observing.Outcome(trouble=observing.Trouble("raised", {})), None

    monkeypatch.setattr(observing, "_tried", tried)
    observing.expected.cache_clear()
    with pytest.raises(RuntimeError, match="the model solution of batch-norm-forward fails here"):
        check(ID, lambda x, gamma, beta, eps=1e-5: x)
    observing.expected.cache_clear()
