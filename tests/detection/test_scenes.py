"""Digits are where the labels say, and no digit serves in two splits or in both trainings."""

import numpy as np
import pytest

from bncourse.data import digit_images
from bncourse.detection import portraits, scenes
from bncourse.detection.scenes import CLASSES, PLACES, SIDE


def patches(splits, part):
    """Return the 8 by 8 pixels where the digit is said to be, in ink, and its class."""
    x, y = getattr(splits, f"x_{part}"), getattr(splits, f"y_{part}")
    images = (x * splits.std + splits.mean).reshape(len(x), 16, 16)
    rows, columns = np.divmod(y // CLASSES, PLACES)
    found = [
        image[row : row + SIDE, column : column + SIDE]
        for image, row, column in zip(images, rows, columns, strict=True)
    ]
    return np.round(16 * np.array(found)).astype(int), y % CLASSES


def of(images):
    return {image.tobytes() for image in images.astype(int)}


@pytest.fixture
def plain():
    return scenes(0, noise=0)


def test_the_digit_is_where_the_label_says(plain):
    assert of(patches(plain, "test")[0]) <= of(digit_images())


def test_every_place_and_class_comes_up(plain):
    assert len(np.unique(plain.y_train // CLASSES)) > 0.95 * PLACES**2
    assert set(plain.y_train % CLASSES) == set(range(CLASSES))


def test_no_digit_is_in_two_splits(plain):
    parts = [of(patches(plain, part)[0]) for part in ("train", "validation", "test")]
    assert not parts[0] & parts[1] and not parts[0] & parts[2] and not parts[1] & parts[2]


def test_no_digit_of_the_scenes_was_pretrained_on(plain):
    found = portraits(0)
    images = np.round(16 * (found.x_train * found.std + found.mean)).reshape(-1, 12, 12)
    windows = np.lib.stride_tricks.sliding_window_view(images, (8, 8), axis=(1, 2))
    assert not of(windows.reshape(-1, 8, 8)) & of(patches(plain, "train")[0])


def test_another_light_is_a_line(plain):
    half = scenes(0, noise=0, contrast=0.5)
    ink, faint = (s.x_test * s.std + s.mean for s in (plain, half))
    np.testing.assert_allclose(faint, ink / 2, atol=1e-6)


def test_pieces_and_noise_are_what_is_asked_for():
    bare, noisy = (scenes(0, pieces=0, noise=noise) for noise in (0, 0.1))
    gap = (noisy.x_test - bare.x_test) * bare.std
    assert abs(gap.std() - 0.1) < 0.002
    assert (bare.x_test * bare.std + bare.mean > 1e-6).sum(1).max() <= SIDE**2
