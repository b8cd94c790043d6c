"""Larger data sets from openml.org, downloaded once."""

import threading
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np

from bncourse.data.modules import require_module
from bncourse.data.splits import split


def openml(name, seed, *, validation=0.1, test=0.1, dtype=np.float32, cache=None):
    """Return a data set of openml.org, such as ``"mnist_784"``, split like ``digits``.

    It is downloaded once, with a progress bar, and read from the cache folder after that.

    Parameters
    ----------
    name : str
        of the data set on openml.org; all features must be numbers
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
    TypeError
        a feature is not a number.
    ValueError
        there is no such data set, or a split would be empty.
    """
    datasets = require_module("sklearn.datasets")
    folder = Path(datasets.get_data_home(cache))
    try:
        with _progress(name, folder):
            raw = datasets.fetch_openml(
                name, version=1, as_frame=False, parser="liac-arff", data_home=folder
            )
    except OSError as error:
        raise ConnectionError(
            f"could not download {name!r} from openml.org ({error}): check the network, "
            "or use bncourse.data.digits, which needs none"
        ) from error
    if raw.data.dtype.kind != "f":
        raise TypeError(f"{name!r} has features that are not numbers: choose a numeric data set")
    labels = np.unique(raw.target, return_inverse=True)[1]
    return split(raw.data, labels, seed, validation, test, dtype)


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
