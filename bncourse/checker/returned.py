"""Read what an answer returned: an array of numbers for each output, or the trouble with it."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from bncourse.checker.exercise import Trial


@dataclass(frozen=True)
class Trouble:
    """Why there is nothing to compare: a key of the troubles' sentences, and what fills them."""

    id: str
    values: dict


# What an answer lacks: it is wrong, and there are no numbers to judge.
ABSENT: np.ndarray = np.array(None)


class UnfitError(Exception):
    """An answer returned something that cannot be compared."""

    def __init__(self, trouble: str, **values: object) -> None:
        super().__init__(trouble)
        self.trouble = Trouble(trouble, values)


def is_tensor(value: object) -> bool:
    """Say whether `value` is a tensor of PyTorch, without importing it."""
    return type(value).__module__.partition(".")[0] == "torch" and hasattr(value, "detach")


def named(value: Any, trial: Trial) -> dict[str, np.ndarray]:
    """Return the returned `value` as a dict of float arrays, one for each output.

    Raises
    ------
    UnfitError : it cannot be read so; the trouble says why.
    """
    return {
        name: _array(name, part, trial.wants)
        for name, part in zip(trial.outputs, parts_of(value, trial), strict=True)
    }


def parts_of(value: Any, trial: Trial) -> list[Any]:
    """Return what was returned, one part for each output, as it is.

    Raises
    ------
    UnfitError : there is not one part for each; the trouble says why.
    """
    names = trial.outputs
    if value is None:
        raise UnfitError("returns-none")
    if isinstance(value, dict):
        if missing := [name for name in names if name not in value]:
            raise UnfitError("lacks-output", output=missing[0], found=", ".join(map(str, value)))
        return [value[name] for name in names]
    if len(names) == 1:
        return [value[0] if _is_single(value) else value]
    if not _is_sequence(value) or len(value) != len(names):
        count = len(value) if _is_sequence(value) else 1
        raise UnfitError("wrong-count", found=count, wanted=len(names), names=", ".join(names))
    return list(value)


def _is_sequence(value):
    """Say whether `value` can be unpacked: a tuple, a list, or the rows of an array."""
    rows = (isinstance(value, np.ndarray) or is_tensor(value)) and value.ndim > 0
    return isinstance(value, tuple | list) or rows


def _is_single(value):
    return isinstance(value, tuple) and len(value) == 1 and np.ndim(value[0]) > 0


def _array(name, part, wants):
    if part is ABSENT:
        return ABSENT
    if part is None:
        raise UnfitError("output-none", output=name)
    if is_tensor(part):
        if wants == "array":
            raise UnfitError("returns-tensor", output=name)
        part = part.detach().cpu().resolve_conj().numpy()
    elif wants == "tensor" and isinstance(part, np.ndarray):
        raise UnfitError("returns-array", output=name)
    return _numbers(name, part)


def _numbers(name, part):
    try:
        array = np.array(part)
        if array.dtype.kind == "O":  # fractions, say
            array = array.astype(float)
    except (TypeError, ValueError):  # words, or rows of different lengths
        array = np.array("")
    if array.dtype.kind not in "fiub":
        raise UnfitError("not-numbers", output=name, kind=type(part).__name__)
    return array.astype(int) if array.dtype.kind in "ub" else array  # so that they have differences
