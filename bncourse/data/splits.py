"""Split a data set into training, validation and test, and a split into batches."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

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


def split(
    x: np.ndarray, y: np.ndarray, seed: int, validation: float, test: float, dtype: DTypeLike
) -> Splits:
    """Return ``x`` and ``y`` in stratified splits, standardized by the training split.

    Parameters, results and errors are those of ``digits``; ``x`` is in raw units.
    """
    require_dtype(dtype)
    if not (validation > 0 and test > 0 and validation + test < 1):
        raise ValueError(
            "validation and test must be more than 0 and together less than 1, "
            f"got {validation} and {test}"
        )
    generator = np.random.RandomState  # the one of scikit-learn, whose splits these are
    try:
        rest, third = _stratified(y, test, generator(seed))
        first, second = _stratified(y[rest], validation / (1 - test), generator(seed))
    except ValueError as error:
        raise ValueError(
            "validation and test must leave samples of every class in each split, "
            f"got {validation} and {test} for {len(y)} samples"
        ) from error
    x_train, x_validation, x_test = x[rest[first]], x[rest[second]], x[third]
    y_train, y_validation, y_test = y[rest[first]], y[rest[second]], y[third]
    mean, std = _scale(x_train)
    x_train, x_validation, x_test = (
        ((part - mean) / std).astype(dtype) for part in (x_train, x_validation, x_test)
    )
    scale = mean.astype(dtype), std.astype(dtype)
    return Splits(x_train, y_train, x_validation, y_validation, x_test, y_test, *scale)


def _stratified(y, part, rng):
    """Return the places of two parts of ``y``, the second of about this size, as scikit-learn does.

    Each class is cut in the same proportion, as nearly as whole numbers allow.
    """
    places = [np.flatnonzero(y == label) for label in np.unique(y)]
    sizes = np.array([len(place) for place in places])
    second = math.ceil(part * len(y))
    first = len(y) - second
    if min(first, second) < len(sizes):
        raise ValueError(f"{first} and {second} are too few for {len(sizes)} classes")
    taken = _shares(sizes, first, rng)
    others = _shares(sizes - taken, second, rng)
    mixed = [place[rng.permutation(len(place))] for place in places]
    cuts = zip(mixed, taken, taken + others, strict=True)
    parts = [(place[:start], place[start:end]) for place, start, end in cuts]
    return tuple(rng.permutation(np.concatenate(each)) for each in zip(*parts, strict=True))


def _shares(sizes, count, rng):
    """Return how many of each class to take, so that they are ``count`` in all.

    Where a share is no whole number, the largest remainders are rounded up, ties by lot.
    """
    exact = sizes / sizes.sum() * count
    shares = np.floor(exact)
    remainders, missing = exact - shares, int(count - shares.sum())
    for value in np.unique(remainders)[::-1]:
        if missing == 0:
            break
        tied = np.flatnonzero(remainders == value)
        chosen = rng.choice(tied, size=min(len(tied), missing), replace=False)
        shares[chosen] += 1
        missing -= len(chosen)
    return shares.astype(int)


def _scale(x):
    # Compared element by element: the computed deviation of a constant need not be exactly 0.
    constant = (x == x[0]).all(axis=0)
    return np.where(constant, x[0], x.mean(0)), np.where(constant, 1, x.std(0))


def batches(
    x: ArrayLike, y: ArrayLike, batch_size: int, rng: np.random.Generator
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
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
