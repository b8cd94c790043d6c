"""What the tests of Transformers share: a language of five letters in windows of six."""

import numpy as np
import pytest

from bncourse.data import Splits

LETTERS, CONTEXT = 5, 6


def language(seed):
    rng = np.random.default_rng(seed)
    long = np.cumsum(rng.integers(1, 3, size=(80, CONTEXT + 1)), 1) % LETTERS
    x, y = long[:, :-1], long[:, 1:]
    parts = {"train": slice(40), "validation": slice(40, 60), "test": slice(60, 80)}
    axes = {"x": x, "y": y}
    arrays = {f"{a}_{name}": axes[a][part] for name, part in parts.items() for a in axes}
    return Splits(**arrays, mean=np.zeros(1), std=np.ones(1))


@pytest.fixture
def small():
    """Return settings of a Transformer that is trained in no time."""
    return {"data": language, "depth": 2, "width": 8, "batch_size": 4, "epochs": 2}
