"""What the tests of detectors share: few scenes, and a pretraining that is over at once."""

from dataclasses import replace

import pytest

from bncourse.detection import portraits, pretraining, scenes


def few(seed, kind=scenes):
    """Return the first images of each split."""
    splits = kind(seed)
    counts = {"train": 64, "validation": 16, "test": 64}
    arrays = {
        f"{axis}_{part}": getattr(splits, f"{axis}_{part}")[:count]
        for part, count in counts.items()
        for axis in "xy"
    }
    return replace(splits, **arrays)


def few_portraits(seed):
    """Return the first portraits of each split."""
    return few(seed, portraits)


@pytest.fixture
def small(monkeypatch):
    """Return settings of a detector that is trained in no time."""
    monkeypatch.setattr(pretraining, "EPOCHS", 4)
    monkeypatch.setitem(pretraining.USUAL, "data", few_portraits)
    monkeypatch.setitem(pretraining.USUAL, "batch_size", 32)
    return {"data": few, "width": 4, "epochs": 2}
