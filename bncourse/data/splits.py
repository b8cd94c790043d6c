"""Split a data set into training, validation and test, and a split into batches."""

from dataclasses import dataclass

import numpy as np

from bncourse.data.modules import require_module
from bncourse.scratch.arguments import require_count, require_dtype


@dataclass(frozen=True, eq=False)
class Splits:
    """Standardized features and integer labels, split into training, validation and test.

    Parameters
    ----------
    x_train, x_validation, x_test : ndarray, ``(N, C)``
        ``(raw - mean) / std``; unit: 1
    y_train, y_validation, y_test : ndarray of int, ``(N,)``
        from 0 to the number of classes - 1
    mean, std : ndarray, ``(C,)``
        of the training split, with std 1 where a feature is constant there; unit: raw
    """

    x_train: np.ndarray
    y_train: np.ndarray
    x_validation: np.ndarray
    y_validation: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray
    mean: np.ndarray
    std: np.ndarray


def split(x, y, seed, validation, test, dtype):
    """Return ``x`` and ``y`` in stratified splits, standardized by the training split.

    Parameters, results and errors are those of ``digits``; ``x`` is in raw units.
    """
    require_dtype(dtype)
    if not (validation > 0 and test > 0 and validation + test < 1):
        raise ValueError(
            "validation and test must be more than 0 and together less than 1, "
            f"got {validation} and {test}"
        )
    cut = require_module("sklearn.model_selection").train_test_split
    try:
        rest, x_test, y_rest, y_test = cut(x, y, test_size=test, random_state=seed, stratify=y)
        x_train, x_validation, y_train, y_validation = cut(
            rest, y_rest, test_size=validation / (1 - test), random_state=seed, stratify=y_rest
        )
    except ValueError as error:
        raise ValueError(
            "validation and test must leave samples of every class in each split, "
            f"got {validation} and {test} for {len(y)} samples: {error}"
        ) from error
    mean, std = _scale(x_train)
    x_train, x_validation, x_test = (
        ((part - mean) / std).astype(dtype) for part in (x_train, x_validation, x_test)
    )
    scale = mean.astype(dtype), std.astype(dtype)
    return Splits(x_train, y_train, x_validation, y_validation, x_test, y_test, *scale)


def _scale(x):
    # Compared element by element: the computed deviation of a constant need not be exactly 0.
    constant = (x == x[0]).all(axis=0)
    return np.where(constant, x[0], x.mean(0)), np.where(constant, 1, x.std(0))


def batches(x, y, batch_size, rng):
    """Yield ``x`` and ``y`` in random order, ``batch_size`` samples at a time, then the rest.

    Parameters
    ----------
    x, y : array_like, ``(N, ...)``
        features and labels
    batch_size : int
        at least 1
    rng : numpy.random.Generator
        source of the order

    Yields
    ------
    tuple of ndarray
        features and labels of one batch

    Raises
    ------
    TypeError
        ``batch_size`` is not an integer.
    ValueError
        ``x`` and ``y`` differ in length, or ``batch_size`` is less than 1.
    """
    x, y = np.asarray(x), np.asarray(y)
    if len(x) != len(y):
        raise ValueError(f"x and y must have as many samples, got {len(x)} and {len(y)}")
    require_count("batch_size", batch_size)
    order = rng.permutation(len(x))
    for start in range(0, len(x), batch_size):
        chosen = order[start : start + batch_size]
        yield x[chosen], y[chosen]
