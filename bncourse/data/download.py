"""Larger data sets from openml.org, downloaded once."""

import threading
from contextlib import contextmanager, suppress
from http.client import HTTPException
from pathlib import Path
from urllib.error import URLError

import numpy as np

from bncourse.data.modules import require_module
from bncourse.data.splits import split


def openml(name, seed, *, validation=0.1, test=0.1, dtype=np.float32, cache=None):
    """Return a data set of openml.org, such as ``"mnist_784"``, split like ``digits``.

    It is downloaded once, with a progress bar, and read from the cache folder after that.

    Parameters
    ----------
    name : str
        of the data set on openml.org: all features finite numbers, the target classes
    seed : int
        chooses the splits
    validation, test : float
        parts of the whole, each more than 0, together less than 1
    dtype : dtype
        float32 or float64, of the features
    cache : path or None
        the folder for downloads; None is scikit-learn's own, ``~/scikit_learn_data``

    Returns
    -------
    Splits
        classes are numbered in the order of their names

    Raises
    ------
    ImportError
        scikit-learn or tqdm is not installed.
    ConnectionError
        the data set is not in the cache, and openml.org cannot be reached.
    OSError
        the folder cannot be written.
    TypeError
        ``dtype`` is not float32 or float64.
    ValueError
        there is no such data set, a feature is not a finite number, the target is not classes, or
        a split would be without a sample of one of them.
    """
    datasets = require_module("sklearn.datasets")
    folder = Path(datasets.get_data_home(cache))
    try:
        with _progress(name, folder):
            raw = datasets.fetch_openml(
                name, version=1, as_frame=False, parser="liac-arff", data_home=folder
            )
    except (URLError, HTTPException, ConnectionError, TimeoutError) as error:
        raise ConnectionError(
            f"could not download {name!r} from openml.org ({error}): check the network, "
            "or use bncourse.data.digits, which needs none"
        ) from error
    _require_numbers_and_classes(name, raw.data, raw.target)
    labels = np.unique(raw.target, return_inverse=True)[1]
    return split(raw.data, labels, seed, validation, test, dtype)


def _require_numbers_and_classes(name, x, y):
    dense = isinstance(x, np.ndarray) and x.dtype.kind in "iuf"
    if not (dense and np.isfinite(x).all()):
        raise ValueError(
            f"{name!r} has features that are missing, sparse or not numbers: choose another set"
        )
    if not isinstance(y, np.ndarray) or y.ndim != 1 or y.dtype.kind == "f":
        raise ValueError(
            f"{name!r} has a target that is not one class a sample, {getattr(y, 'dtype', None)}: "
            "choose another set"
        )


@contextmanager
def _progress(name, folder):
    """Show how many bytes have come into the folder; openml.org does not say how many will."""
    bar = require_module("tqdm").tqdm(desc=name, unit="B", unit_scale=True, leave=False)
    done = threading.Event()
    before = _bytes_in(folder)

    def show():
        bar.n = _bytes_in(folder) - before
        bar.refresh()

    def watch():
        while not done.wait(0.2):
            show()

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()
        show()
        bar.close()


def _bytes_in(folder):
    size = 0
    for path in folder.rglob("*"):
        with suppress(FileNotFoundError):  # renamed while we looked: counted next time
            size += path.stat().st_size if path.is_file() else 0
    return size
