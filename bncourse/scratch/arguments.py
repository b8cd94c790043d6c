"""Checks of arguments: every error names the argument, shows its value and says what to do."""

import math
from collections.abc import Iterable
from typing import SupportsFloat

import numpy as np
from numpy.typing import DTypeLike


def require_array(name: str, x: object, min_ndim: int = 0) -> None:
    """Raise unless ``x`` is a float32 or float64 array with at least ``min_ndim`` axes."""
    if not isinstance(x, np.ndarray):
        raise TypeError(
            f"{name} must be a NumPy array, got {type(x).__name__}: "
            f"convert it with np.asarray({name})"
        )
    if x.dtype not in (np.float32, np.float64):
        raise TypeError(
            f"{name} must be float32 or float64, got {x.dtype}: "
            f"convert it with {name}.astype(np.float32)"
        )
    if x.ndim < min_ndim:
        raise ValueError(
            f"{name} must have at least {min_ndim} axes, got shape {x.shape}: reshape it first"
        )


def require_same(name: str, value: np.ndarray, shape: Iterable[int], dtype: DTypeLike) -> None:
    """Raise unless ``value`` is an array of this shape and dtype: no silent broadcasting."""
    require_array(name, value)
    if value.shape != tuple(shape):
        raise ValueError(
            f"{name} must have shape {tuple(shape)}, got {value.shape}: reshape it to match"
        )
    if value.dtype != dtype:
        raise TypeError(
            f"{name} must have dtype {dtype}, got {value.dtype}: "
            f"convert it with {name}.astype(np.{dtype})"
        )


def require_optional(shape: Iterable[int], dtype: DTypeLike, **arrays: np.ndarray | None) -> None:
    """Raise unless each of the named ``arrays`` is None or has this shape and dtype."""
    for name, value in arrays.items():
        if value is not None:
            require_same(name, value, shape, dtype)


def require_cache(cache: object, function: str) -> None:
    """Raise unless ``cache`` is what the forward function of this name returned."""
    found = getattr(cache, "function", f"a {type(cache).__name__}")
    if found != function:
        raise TypeError(
            f"cache must be the one that {function} returned, got that of {found}: "
            "pass on the second value of that call"
        )


def require_dtype(dtype: DTypeLike) -> None:
    """Raise unless ``dtype`` is float32 or float64."""
    if dtype not in (np.dtype(np.float32), np.dtype(np.float64)):
        raise TypeError(f"dtype must be np.float32 or np.float64, got {dtype!r}")


def require_labels(logits: np.ndarray, labels: np.ndarray) -> None:
    """Raise unless ``labels`` holds one class of ``logits`` for each sample, and there is one."""
    if logits.ndim != 2 or labels.shape != logits.shape[:1] or logits.size == 0:
        raise ValueError(
            "logits must have shape (N, classes) and labels shape (N,), with at least one sample, "
            f"got {logits.shape} and {labels.shape}"
        )
    if labels.dtype.kind not in "iu":
        raise TypeError(f"labels must be integers, got {labels.dtype}: use labels.astype(int)")
    if labels.min() < 0 or labels.max() >= logits.shape[1]:
        raise ValueError(
            f"labels must be from 0 to {logits.shape[1] - 1}, got {labels.min()} to {labels.max()}"
        )


def require_number(name: str, value: SupportsFloat, low: float, high: float = math.inf) -> float:
    """Return ``value`` as a float; raise unless it is a finite number in ``[low, high]``."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise TypeError(f"{name} must be a number, got {value!r}") from None
    if not (low <= number <= high and math.isfinite(number)):
        raise ValueError(f"{name} must be a finite number from {low} to {high}, got {value!r}")
    return number


def require_count(name: str, value: object) -> None:
    """Raise unless ``value`` is an integer of at least 1."""
    if not isinstance(value, int | np.integer) or isinstance(value, bool):
        raise TypeError(f"{name} must be an integer, got {value!r}")
    if value < 1:
        raise ValueError(f"{name} must be at least 1, got {value}")
