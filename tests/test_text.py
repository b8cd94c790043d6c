"""The text: windows that do not overlap, what follows each letter, and where it is from."""

import re
from importlib.resources import files

import numpy as np
import pytest

from bncourse.data import ALPHABET, letters, text


def words(row):
    return "".join(ALPHABET[letter] for letter in row)


def test_windows_are_english():
    splits = text(0)
    read = " ".join(map(words, splits.x_train))
    assert read.count(" the ") > 100 and set(read) == set(ALPHABET)


def test_y_is_what_follows_x():
    splits = text(0)
    for part in ("train", "validation", "test"):
        x, y = getattr(splits, f"x_{part}"), getattr(splits, f"y_{part}")
        assert x.shape == y.shape and x.shape[1] == 32
        assert np.array_equal(x[:, 1:], y[:, :-1])


def test_every_window_is_in_one_split_and_neighbors_stay_together():
    splits = text(0)
    windows = np.concatenate([splits.x_train, splits.x_validation, splits.x_test])
    whole = letters._letters()[: windows.size].reshape(-1, 32)
    assert sorted(map(words, windows)) == sorted(map(words, whole))
    for pair in ((splits.x_train, splits.y_train), (splits.x_test, splits.y_test)):
        x, y = (part.reshape(-1, 8, 32) for part in pair)
        assert np.array_equal(y[:, :-1, -1], x[:, 1:, 0])


def test_seeds_choose_the_splits():
    one, again, other = text(1), text(1), text(2)
    assert np.array_equal(one.x_test, again.x_test)
    assert not np.array_equal(one.x_test, other.x_test)


def test_context_is_as_asked():
    assert text(0, context=16).x_train.shape[1] == 16


def test_splits_must_not_be_empty():
    with pytest.raises(ValueError, match="must leave windows in each split, got 0.5 and 0.5"):
        text(0, validation=0.5, test=0.5)


def test_the_text_is_that_of_the_descriptions_in_scikit_learn():
    folder = files("sklearn.datasets.descr")
    pages = sorted((page for page in folder.iterdir() if page.name.endswith(".rst")), key=str)
    found = "\n".join(page.read_text("utf-8") for page in pages).lower()
    whole = re.sub(f"[^{ALPHABET.strip()}]+", " ", found)
    assert words(letters._letters()) == whole
