"""Data sets: splits that repeat, no leak from validation or test, clear errors without packages."""

import sys

import numpy as np
import pytest
from sklearn.datasets import load_digits

from bncourse.data import batches, digits, random_labels


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


def test_a_missing_package_is_named_with_the_remedy(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    with pytest.raises(ImportError, match="pip install scikit-learn"):
        digits(0)
