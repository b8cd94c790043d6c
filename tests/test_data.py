"""Data sets: splits that repeat, no leak from validation or test, clear errors without packages."""

import sys
from http.client import IncompleteRead
from urllib.error import URLError

import numpy as np
import pytest
import scipy.sparse
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


def test_every_digit_is_in_exactly_one_split_with_its_label(data):
    raw = np.concatenate([np.c_[np.rint(x * data.std + data.mean), y] for x, y in parts(data)])
    original = sklearn.datasets.load_digits()
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
    calls = []

    def fetch(name, *, version, as_frame, parser, data_home):
        calls.append((name, version, as_frame, parser, data_home))
        return sklearn.utils.Bunch(data=data, target=target)

    monkeypatch.setattr(sklearn.datasets, "fetch_openml", fetch)
    return calls


def test_openml_numbers_the_classes_and_splits(monkeypatch, tmp_path):
    rng = np.random.default_rng(0)
    target = np.array(["cat", "dog", "ant"])[np.arange(60) % 3]
    data = rng.standard_normal((60, 2)) + (target == "dog")[:, None] * 50
    calls = fake_openml(monkeypatch, data, target)
    splits = openml("animals", 0, cache=tmp_path)
    assert calls == [("animals", 1, False, "liac-arff", tmp_path)]
    assert [len(y) for _, y in parts(splits)] == [48, 6, 6]
    assert set(splits.y_train[splits.x_train[:, 0] > 1]) == {2}


def test_openml_passes_on_seed_fractions_and_dtype(monkeypatch, tmp_path):
    data, target = np.arange(60).reshape(60, 1), np.arange(60) % 2
    fake_openml(monkeypatch, data, target)
    options = {"validation": 0.3, "test": 0.2, "dtype": np.float64, "cache": tmp_path}
    one, again, other = (openml("numbers", seed, **options) for seed in (5, 5, 6))
    assert [len(y) for _, y in parts(one)] == [30, 18, 12]
    assert one.x_test.dtype == np.float64
    np.testing.assert_array_equal(one.x_test, again.x_test)
    assert not np.array_equal(one.x_test, other.x_test)


def failing_openml(monkeypatch, error):
    def fetch(*_, **__):
        raise error

    monkeypatch.setattr(sklearn.datasets, "fetch_openml", fetch)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (URLError("Name or service not known"), "not known"),
        (IncompleteRead(b"half"), "4 bytes read"),
        (TimeoutError("timed out"), "timed out"),
        (ConnectionResetError("reset by peer"), "reset"),
    ],
)
def test_openml_without_network_says_what_to_do(error, reason, monkeypatch, tmp_path):
    failing_openml(monkeypatch, error)
    with pytest.raises(ConnectionError, match=f"'mnist_784'.*{reason}.*bncourse.data.digits"):
        openml("mnist_784", 0, cache=tmp_path)


def test_openml_does_not_blame_the_network_for_a_full_disk(monkeypatch, tmp_path):
    failing_openml(monkeypatch, OSError(28, "No space left on device"))
    with pytest.raises(OSError, match="No space left") as failure:
        openml("mnist_784", 0, cache=tmp_path)
    assert not isinstance(failure.value, ConnectionError)


def test_openml_shows_what_has_come_in(monkeypatch, tmp_path, capsys):
    def download(*_, **__):
        (tmp_path / "file").write_bytes(bytes(5000))
        return sklearn.utils.Bunch(data=np.eye(40), target=np.arange(40) % 2)

    monkeypatch.setattr(sklearn.datasets, "fetch_openml", download)
    openml("small", 0, cache=tmp_path)
    assert "small: 5.00kB" in capsys.readouterr().err


TABLE = np.eye(4)
CLASSES = np.array(["a", "b", "a", "b"])


@pytest.mark.parametrize(
    ("data", "target", "message"),
    [
        (np.array([["red"], ["blue"]], object), CLASSES[:2], "features.*not numbers"),
        (np.where(TABLE == 1, np.nan, TABLE), CLASSES, "features that are missing"),
        (scipy.sparse.csr_matrix(TABLE), CLASSES, "features.*sparse"),
        (TABLE, None, "target that is not one class a sample, None"),
        (TABLE, np.linspace(0, 1, 4), "target that is not one class a sample, float64"),
        (TABLE, scipy.sparse.csr_matrix(TABLE[:1]), "target that is not one class a sample"),
    ],
    ids=["text", "missing", "sparse", "no target", "number as target", "sparse target"],
)
def test_openml_names_the_set_that_does_not_fit(data, target, message, monkeypatch, tmp_path):
    fake_openml(monkeypatch, data, target)
    with pytest.raises(ValueError, match=f"'odd' has .*{message}.*choose another set"):
        openml("odd", 0, cache=tmp_path)
