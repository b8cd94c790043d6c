"""Data sets: splits that repeat, no leak from validation or test, clear errors without packages."""

import sys
from urllib.error import URLError

import numpy as np
import pytest
import sklearn.datasets

from bncourse.data import batches, digits, openml, random_labels


@pytest.fixture(scope="module")
def data():
    return digits(3)


def parts(data):
    return [
        (data.x_train, data.y_train),
        (data.x_validation, data.y_validation),
        (data.x_test, data.y_test),
    ]


def test_every_digit_is_in_exactly_one_split(data):
    raw = np.concatenate([x for x, _ in parts(data)]) * data.std + data.mean
    original = sklearn.datasets.load_digits().data
    np.testing.assert_array_equal(
        np.sort(np.rint(raw).astype(int), axis=0), np.sort(original.astype(int), axis=0)
    )
    assert len(raw) == 1797


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


@pytest.mark.parametrize(
    ("load", "module", "package"),
    [
        (lambda: digits(0), "sklearn.datasets", "scikit-learn"),
        (lambda: openml("mnist_784", 0), "tqdm", "tqdm"),
    ],
)
def test_a_missing_package_is_named_with_the_remedy(load, module, package, monkeypatch):
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(ImportError, match=f"pip install {package}"):
        load()


def fake_openml(monkeypatch, data, target):
    bunch = sklearn.utils.Bunch(data=data, target=target)
    monkeypatch.setattr(sklearn.datasets, "fetch_openml", lambda *_, **__: bunch)


def test_openml_numbers_the_classes_and_splits(monkeypatch, tmp_path):
    rng = np.random.default_rng(0)
    target = np.array(["cat", "dog", "ant"])[np.arange(60) % 3]
    data = rng.standard_normal((60, 2)) + (target == "dog")[:, None] * 50
    fake_openml(monkeypatch, data, target)
    splits = openml("animals", 0, cache=tmp_path)
    assert [len(y) for _, y in parts(splits)] == [48, 6, 6]
    assert set(splits.y_train[splits.x_train[:, 0] > 1]) == {2}


def test_openml_without_network_says_what_to_do(monkeypatch, tmp_path):
    def unreachable(*_, **__):
        raise URLError("Name or service not known")

    monkeypatch.setattr(sklearn.datasets, "fetch_openml", unreachable)
    with pytest.raises(ConnectionError, match="'mnist_784'.*not known.*bncourse.data.digits"):
        openml("mnist_784", 0, cache=tmp_path)


def test_openml_shows_what_has_come_in(monkeypatch, tmp_path, capsys):
    def download(*_, **__):
        (tmp_path / "file").write_bytes(bytes(5000))
        return sklearn.utils.Bunch(data=np.eye(40), target=np.arange(40) % 2)

    monkeypatch.setattr(sklearn.datasets, "fetch_openml", download)
    openml("small", 0, cache=tmp_path)
    assert "small: 5.00kB" in capsys.readouterr().err


def test_openml_refuses_features_that_are_not_numbers(monkeypatch, tmp_path):
    fake_openml(monkeypatch, np.array([["red"], ["blue"]], object), np.array(["a", "b"]))
    with pytest.raises(TypeError, match="'colours' has features that are not numbers"):
        openml("colours", 0, cache=tmp_path)
