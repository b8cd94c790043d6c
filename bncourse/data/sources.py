"""Where the data comes from: a file of the package, or random numbers."""

from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import DTypeLike

from bncourse.data.splits import Splits, split
from bncourse.scratch.arguments import require_dtype


def digits(
    seed: int, *, validation: float = 0.2, test: float = 0.2, dtype: DTypeLike = np.float32
) -> Splits:
    """Return 1797 handwritten digits, 8 by 8 pixels, in stratified splits.

    They are the test half of the set of Alpaydin and Kaynak (1998; UCI machine learning repository,
    CC BY 4.0), as scikit-learn carries it; the splits are those of its ``train_test_split``.

    Each pixel is standardized with the mean and standard deviation of the *training* split. A
    pixel that is constant there (the corners are always blank) becomes 0 in training; elsewhere
    it keeps its distance from that constant, in raw units.

    Parameters
    ----------
    seed : int
        chooses the splits
    validation, test : float
        parts of the whole, each more than 0, together less than 1
    dtype : dtype
        float32 or float64, of the features

    Returns
    -------
    Splits
        64 features, 10 classes

    Raises
    ------
    TypeError
        ``dtype`` is not float32 or float64.
    ValueError
        ``validation`` and ``test`` leave a split without a sample of every class.
    """
    return split(*_raw_digits(), seed, validation, test, dtype)


def digit_images() -> np.ndarray:
    """Return the 1797 digits as they were scanned, in no order of their classes.

    Returns
    -------
    ndarray, ``(N, 8, 8)``
        float64; unit: ink, from 0 to 16
    """
    return _raw_digits()[0].reshape(-1, 8, 8).copy()


@cache
def _raw_digits():
    """Return the pixels, (N, 64), from 0 to 16, and the labels, (N,)."""
    with files("bncourse.data").joinpath("digits.npz").open("rb") as file, np.load(file) as arrays:
        return arrays["pixels"].astype(np.float64), arrays["labels"].astype(np.int64)


def random_labels(
    seed: int,
    *,
    samples: int = 1000,
    features: int = 784,
    classes: int = 10,
    dtype: DTypeLike = np.float32,
) -> tuple[np.ndarray, np.ndarray]:
    """Return uniform random features in [0, 1) with labels that have nothing to do with them.

    All that can be learned is to memorize; on samples not seen in training, accuracy is chance.

    Parameters
    ----------
    seed : int
        chooses the numbers
    samples, features, classes : int
        sizes
    dtype : dtype
        float32 or float64, of the features

    Returns
    -------
    x : ndarray, ``(samples, features)``
        unit: 1
    y : ndarray of int, ``(samples,)``
        from 0 to ``classes - 1``

    Raises
    ------
    TypeError
        ``dtype`` is not float32 or float64.
    """
    require_dtype(dtype)
    rng = np.random.default_rng(seed)
    return rng.random((samples, features), dtype), rng.integers(classes, size=samples)  # pyrefly: ignore[no-matching-overload]
