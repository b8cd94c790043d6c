"""Keras is optional, and must compute with PyTorch."""

import pytest

from bncourse import extras
from bncourse.finetuning.keras import keras


def test_without_keras_the_error_says_how_to_get_it(monkeypatch):
    monkeypatch.setattr(extras, "find_spec", lambda module: None)
    message = r"finetuning needs keras.*`pip install 'bncourse\[finetuning\]'` brings it"
    with pytest.raises(ModuleNotFoundError, match=message):
        keras()


def test_keras_on_another_library_is_refused(monkeypatch):
    monkeypatch.setattr(keras().backend, "backend", lambda: "jax")
    with pytest.raises(RuntimeError, match="computes with jax here: set .*KERAS_BACKEND to torch"):
        keras()
