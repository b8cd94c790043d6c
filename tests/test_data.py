"""Data sets: splits that repeat, no leak from validation or test, clear errors without packages."""

import gzip
from hashlib import sha256

import numpy as np
import pytest
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

from bncourse.data import (
    MissingDataError,
    batches,
    digit_images,
    digits,
    fashion_mnist,
    garments,
    random_labels,
)


@pytest.fixture(scope="module")
def data():
    return digits(3)


def parts(data):
    return [
        (data.x_train, data.y_train),
        (data.x_validation, data.y_validation),
        (data.x_test, data.y_test),
    ]


def test_every_digit_is_in_exactly_one_split_with_its_label(data):
    raw = np.concatenate([np.c_[np.rint(x * data.std + data.mean), y] for x, y in parts(data)])
    original = load_digits()
    expected = np.c_[original.data, original.target]
    assert sorted(map(tuple, raw)) == sorted(map(tuple, expected))


def test_images_are_those_of_scikit_learn_and_may_be_written_to():
    images = digit_images()
    np.testing.assert_array_equal(images, load_digits().images)
    images[:] = 0
    assert digit_images().any()


def test_features_are_float32_and_labels_integers(data):
    assert {x.dtype for x, _ in parts(data)} == {np.dtype(np.float32)}
    assert all(y.dtype.kind == "i" and set(y) == set(range(10)) for _, y in parts(data))


def test_float64_on_request():
    assert digits(0, dtype=np.float64).x_test.dtype == np.float64


def test_splits_have_the_requested_sizes():
    data = digits(0, validation=0.3, test=0.1)
    sizes = [len(y) / 1797 for _, y in parts(data)]
    np.testing.assert_allclose(sizes, [0.6, 0.3, 0.1], atol=0.002)


def test_splits_are_stratified(data):
    shares = [np.bincount(y) / len(y) for _, y in parts(data)]
    np.testing.assert_allclose(shares[1:], [shares[0]] * 2, atol=0.005)


def test_the_training_split_alone_sets_the_scale(data):
    varies = data.x_train.any(axis=0)
    np.testing.assert_allclose(data.x_train.mean(0), 0, atol=1e-5)
    np.testing.assert_allclose(data.x_train.std(0)[varies], 1, rtol=1e-4)
    assert abs(data.x_test.std(0)[varies] - 1).max() > 0.01


def test_a_pixel_that_is_constant_in_training_becomes_0_there(data):
    constant = ~data.x_train.any(axis=0)
    assert constant.sum() >= 3
    np.testing.assert_array_equal(data.std[constant], 1)
    np.testing.assert_array_equal(data.mean[constant], 0)


def test_the_seed_decides_the_splits(data):
    np.testing.assert_array_equal(digits(3).x_test, data.x_test)
    assert not np.array_equal(digits(4).y_test, data.y_test)


@pytest.mark.parametrize(("validation", "test"), [(0.2, 0.2), (0.15, 0.25), (0.3, 0.1)])
def test_splits_are_those_of_scikit_learn(validation, test):
    x, y = load_digits(return_X_y=True)
    for seed in range(20):
        rest, x_test, y_rest, y_test = train_test_split(
            x, y, test_size=test, random_state=seed, stratify=y
        )
        _, x_validation, _, y_validation = train_test_split(
            rest, y_rest, test_size=validation / (1 - test), random_state=seed, stratify=y_rest
        )
        ours = digits(seed, validation=validation, test=test, dtype=np.float64)
        np.testing.assert_array_equal(ours.y_test, y_test)
        np.testing.assert_array_equal(ours.y_validation, y_validation)
        np.testing.assert_allclose(ours.x_test * ours.std + ours.mean, x_test, atol=1e-12)
        np.testing.assert_allclose(
            ours.x_validation * ours.std + ours.mean, x_validation, atol=1e-12
        )


def test_the_result_cannot_be_reassigned(data):
    with pytest.raises(AttributeError):
        data.x_train = None


@pytest.mark.parametrize(("validation", "test"), [(0, 0.2), (0.2, -0.1), (0.5, 0.5)])
def test_an_empty_split_is_refused(validation, test):
    with pytest.raises(ValueError, match=f"validation and test.*got {validation} and {test}"):
        digits(0, validation=validation, test=test)


def test_a_split_without_a_sample_of_every_class_is_refused():
    with pytest.raises(ValueError, match="validation and test must.*got 0.0001 and 0.2 for 1797"):
        digits(0, validation=1e-4)


@pytest.mark.parametrize("load", [digits, random_labels])
def test_features_that_are_not_floating_are_refused(load):
    with pytest.raises(TypeError, match="dtype must be np.float32 or np.float64.*int64"):
        load(0, dtype=np.int64)


def test_random_labels_have_the_requested_sizes_and_dtype():
    x, y = random_labels(0, samples=50, features=7, classes=3, dtype=np.float64)
    assert x.shape == (50, 7)
    assert x.dtype == np.float64
    assert y.shape == (50,)
    assert set(y) == {0, 1, 2}


def test_random_labels_are_the_article_s_set():
    x, y = random_labels(0)
    assert x.shape == (1000, 784)
    assert x.dtype == np.float32
    assert 0 <= x.min() < 0.01 < 0.99 < x.max() < 1
    assert set(y) == set(range(10))
    np.testing.assert_array_equal(random_labels(0)[0], x)
    assert not np.array_equal(random_labels(1)[1], y)


def test_batches_hold_every_sample_once_with_its_label(data):
    x, y = np.arange(10.0)[:, None], np.arange(10)
    drawn = list(batches(x, y, 4, np.random.default_rng(0)))
    assert [len(labels) for _, labels in drawn] == [4, 4, 2]
    order = np.concatenate([labels for _, labels in drawn])
    np.testing.assert_array_equal(np.concatenate([rows for rows, _ in drawn])[:, 0], order)
    assert sorted(order) == list(range(10))
    assert list(order) != list(range(10))


@pytest.mark.parametrize(
    ("labels", "size", "message"), [(3, 2, "got 4 and 3"), (4, 0, "batch_size.*got 0")]
)
def test_batches_refuse_what_does_not_fit(labels, size, message):
    with pytest.raises(ValueError, match=message):
        next(batches(np.ones(4), np.ones(labels), size, np.random.default_rng(0)))


def test_batches_refuse_a_part_of_a_sample():
    with pytest.raises(TypeError, match="batch_size must be an integer, got 2.5"):
        next(batches(np.ones(4), np.ones(4), 2.5, np.random.default_rng(0)))


def test_batches_take_lists():
    ((x, y),) = batches([[1.0], [2.0]], [1, 2], 2, np.random.default_rng(0))
    np.testing.assert_array_equal(x[:, 0], y)


@pytest.fixture
def tiny_garments(tmp_path, monkeypatch):
    """Write four files in the format of Fashion-MNIST, with 60 and 30 images."""
    rng = np.random.default_rng(0)
    monkeypatch.setenv("BNCOURSE_FASHION_MNIST", str(tmp_path))
    monkeypatch.setattr(garments, "FILES", {})
    for part, size in {"train": 60, "t10k": 30}.items():
        labels = np.arange(size, dtype=np.uint8) % 10
        pixels = np.repeat(labels[:, None] * 20, garments.PIXELS, 1) + rng.integers(5, size=784)
        for name, header, array in (
            ("images-idx3", 16, pixels.astype(np.uint8)),
            ("labels-idx1", 8, labels),
        ):
            content = bytes(header) + array.tobytes()
            (tmp_path / f"{part}-{name}-ubyte.gz").write_bytes(gzip.compress(content))
            garments.FILES[f"{part}-{name}-ubyte"] = header, sha256(content).hexdigest()[:16]
    garments._images.cache_clear()
    yield tmp_path
    garments._images.cache_clear()


def test_garments_keep_their_labels_and_no_image_is_drawn_twice(tiny_garments):
    data = fashion_mnist(0, train=40, validation=20, test=30)
    raw = np.concatenate([x * data.std + data.mean for x, _ in parts(data)])
    labels = np.concatenate([y for _, y in parts(data)])
    assert (np.rint(raw[:, 0] / 20 - 0.1) == labels).all()
    assert sorted(labels[:60]) == sorted(np.arange(60) % 10)
    assert abs(data.x_train.mean()) < 1e-5 and abs(data.x_train.std() - 1) < 1e-4


def test_garments_are_drawn_anew_for_each_seed(tiny_garments):
    first, same, other = (fashion_mnist(s, train=40, validation=9, test=9) for s in (0, 0, 1))
    assert (first.y_train == same.y_train).all()
    assert (first.y_train != other.y_train).any()


def test_more_garments_than_there_are_are_refused(tiny_garments):
    with pytest.raises(ValueError, match="60 images for train and validation.*train=50"):
        fashion_mnist(0, train=50, validation=20, test=9)


def test_a_file_of_garments_that_is_not_the_published_one_is_refused(tiny_garments):
    path = tiny_garments / "train-images-idx3-ubyte.gz"
    path.write_bytes(gzip.compress(bytes(16 + 60 * garments.PIXELS)))
    with pytest.raises(ValueError, match="train-images.* is not the published file"):
        fashion_mnist(0, train=40, validation=9, test=9)


def test_without_the_files_it_says_where_to_get_them(tmp_path, monkeypatch):
    monkeypatch.setattr(garments, "FOLDERS", (str(tmp_path),))
    monkeypatch.delenv("BNCOURSE_FASHION_MNIST", raising=False)
    garments._images.cache_clear()
    with pytest.raises(MissingDataError, match="dataset-fashion-mnist"):
        fashion_mnist(0)
