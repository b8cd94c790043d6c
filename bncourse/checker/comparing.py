"""Whether numbers are those that are wanted, and if not, the first thing that is wrong."""

import numpy as np

from bncourse.checker.returned import ABSENT

NOTABLE = 1e-3  # what a factor is off 1, or a shift off 0, to be worth a sentence
ROUNDED = {"float16": 1e-2, "float32": 1e-4, "float64": 1e-6}  # errors of such a kind of number
FLOOR = 1e-3  # where only zeros are expected, a rounding error is not a mistake


def close(got: np.ndarray, wanted: np.ndarray, tolerance: float) -> bool:
    """Say whether the numbers agree, within `tolerance` times the largest one that is wanted."""
    if got is ABSENT or wanted is ABSENT:
        return got is wanted
    if got.shape != wanted.shape:
        return False
    with np.errstate(invalid="ignore", over="ignore"):
        error = np.abs(got - wanted).max(initial=0)
    scale = np.abs(wanted).max(initial=FLOOR)
    if np.isfinite(error) and np.isfinite(scale):
        return bool(error <= tolerance * scale)
    finite = np.isfinite(got) & np.isfinite(wanted)
    if finite.all() or not _same_where_infinite(got, wanted):
        return False
    return close(got[finite], wanted[finite], tolerance)


def _same_where_infinite(got, wanted):
    got, wanted = np.where(np.isfinite(got), 0, got), np.where(np.isfinite(wanted), 0, wanted)
    return np.array_equal(got, wanted, equal_nan=True)


def symptom(got: np.ndarray, wanted: np.ndarray, tolerance: float) -> tuple[str, dict[str, str]]:
    """Return the key of the first general property that `got` lacks, and what fills its sentence.

    Numbers that are wrong in no other way are counted: ``some`` of them, or ``all``.
    """
    if got is ABSENT:
        return "absent", {}
    if got.shape != wanted.shape:
        return "shape", {"got": str(got.shape), "wanted": str(wanted.shape)}
    if not np.isfinite(got[np.isfinite(wanted)]).all():
        return "finite", {}
    if got.dtype.kind != "f" and (wanted % 1).any():
        return "whole-numbers", {"dtype": str(got.dtype)}
    if close(got, wanted, ROUNDED.get(str(got.dtype), 0)):
        return "imprecise", {}
    for key, finds in _PATTERNS.items():
        if (values := finds(got.astype(float), wanted.astype(float), tolerance)) is not None:
            return key, values
    return _counted(got, wanted, tolerance)


def _counted(got, wanted, tolerance):
    """Say of how many numbers some are right; or that one number, or all of them, are wrong."""
    if got.size == 1:
        return "single", {}
    scale = np.abs(wanted[np.isfinite(wanted)]).max(initial=FLOOR)
    with np.errstate(invalid="ignore"):
        right = (np.abs(got - wanted) <= tolerance * scale) | (got == wanted)
    if not right.any():
        return "all", {}
    return "some", {"right": str(right.sum()), "count": str(got.size)}


def _zeros(got, wanted, tolerance):
    return None if got.any() else {}


def _opposite(got, wanted, tolerance):
    return {} if close(-got, wanted, tolerance) else None


def _multiple(got, wanted, tolerance):
    size = np.vdot(wanted, wanted)
    if got.size < 2 or size == 0:
        return None
    ratio = float(np.vdot(got, wanted) / size)
    if ratio == 0 or abs(ratio - 1) < NOTABLE or not close(got / ratio, wanted, tolerance):
        return None
    return {"ratio": f"{ratio:.4g}"}


def _multiple_of_columns(got, wanted, tolerance):
    return _by_axis(got, wanted, tolerance, 0)


def _multiple_of_rows(got, wanted, tolerance):
    return _by_axis(got, wanted, tolerance, 1)


def _by_axis(got, wanted, tolerance, axis):
    if got.ndim != 2 or got.shape[axis] < 2:
        return None
    size = (wanted**2).sum(axis, keepdims=True)
    ratio = (got * wanted).sum(axis, keepdims=True) / np.where(size, size, 1)
    notable = (ratio != 0).all() and (np.abs(ratio - 1) > NOTABLE).any()
    if not notable or not close(got / ratio, wanted, tolerance):
        return None
    return {"ratios": ", ".join(f"{r:.4g}" for r in ratio.ravel()[:6])}


def _shifted(got, wanted, tolerance):
    if got.size < 2 or np.ptp(wanted) == 0:
        return None
    shift = float((got - wanted).mean())
    notable = abs(shift) > NOTABLE * np.abs(wanted).max()
    return {"shift": f"{shift:.4g}"} if notable and close(got - shift, wanted, tolerance) else None


def _shifted_columns(got, wanted, tolerance):
    if got.ndim != 2 or len(got) < 2 or np.ptp(wanted) == 0:
        return None
    shifts = (got - wanted).mean(0)
    if not close(got - shifts, wanted, tolerance):
        return None
    return {"shifts": ", ".join(f"{shift:.4g}" for shift in shifts[:6])}


def _transposed(got, wanted, tolerance):
    square = got.ndim == 2 and got.shape[0] == got.shape[1] > 1
    return {} if square and close(got.T, wanted, tolerance) else None


def _nearly(got, wanted, tolerance):
    return {} if close(got, wanted, 1e-2) else None


_PATTERNS = {
    "zeros": _zeros,
    "opposite": _opposite,
    "multiple": _multiple,
    "multiple-of-columns": _multiple_of_columns,
    "multiple-of-rows": _multiple_of_rows,
    "shifted": _shifted,
    "shifted-columns": _shifted_columns,
    "transposed": _transposed,
    "nearly": _nearly,
}
