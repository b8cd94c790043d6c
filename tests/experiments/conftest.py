"""Small data on which a run takes a moment: it shows every mistake of bookkeeping."""

import numpy as np
import pytest

from bncourse.data import Splits


def tiny_images(seed):
    """Return 28 training images of 8 by 8 pixels, 4 classes, neither centred nor of unit scale."""
    rng = np.random.default_rng(seed)
    parts = {"train": 28, "validation": 70, "test": 11}
    labels = {part: np.arange(size) % 4 for part, size in parts.items()}
    centers = 2 * rng.standard_normal((4, 64))
    arrays = {f"y_{part}": y for part, y in labels.items()} | {
        f"x_{part}": 0.7 + centers[y] + 1.5 * rng.standard_normal((len(y), 64))
        for part, y in labels.items()
    }
    return Splits(**arrays, mean=np.zeros(64), std=np.ones(64))


@pytest.fixture(scope="session")
def tiny():
    """Return a function from a seed to ``Splits``."""
    return tiny_images
