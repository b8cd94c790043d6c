"""Results that the repository holds: one small file each, found by the question it answers.

A file holds arrays in NumPy's own format, and beside them, as text, the question and the
fingerprint of the code. Numbers computed with 32 bits keep 16 bits of their mantissa, five digits:
more would be rounding.
"""

import json
import os
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any
from zipfile import ZIP_BZIP2, ZipFile

import numpy as np

from bncourse.evidence.history import History
from bncourse.evidence.question import Question

FOLDER = "BNCOURSE_EVIDENCE"  # environment variables
MODE = "BNCOURSE_RESULTS"
MODES = ("use", "make", "keep", "prove", "recompute")
DROPPED_BITS = 7


class EvidenceError(AssertionError):
    """A stored result is missing, or is not what the code gives."""


def folder() -> Path:
    """Return where results are stored: beside the package, unless BNCOURSE_EVIDENCE says where."""
    return Path(os.environ.get(FOLDER) or Path(__file__).parents[2] / "evidence")


def mode() -> str:
    """Return what BNCOURSE_RESULTS says is done with stored results.

    ``use`` them where they are, and compute the others (as usual); ``make`` and store those that
    are missing or outdated; ``keep`` outdated ones whose numbers the new code gives, too;
    ``prove`` each by computing a part of it again; or ``recompute`` all and store nothing.

    Raises
    ------
    ValueError
        The variable says something else.
    """
    said = os.environ.get(MODE) or MODES[0]
    if said not in MODES:
        raise ValueError(f"{MODE} is {said!r}: set it to one of {', '.join(MODES)}, or unset it")
    return said


def path_of(question: Question) -> Path:
    """Return the path of the file that holds the answer to a question, or would hold it."""
    return folder() / f"{question.key}.npz"


def load(question: Question, any_code: bool = False) -> History | None:
    """Return the stored answer to a question, a History, or None if there is none that fits.

    A file that was made with other settings does not fit, nor one that was made by other code,
    unless ``any_code`` will do.
    """
    path = path_of(question)
    if not path.exists():
        return None
    about, arrays = read(path)
    if not (any_code or about["code"] == question.code):
        return None
    if not _same_settings(about["settings"], question.settings):
        return None
    return History(
        question.configs, question.seeds, arrays, about["times"], about["axes"], about["steps"]
    )


def read(path: str | Path) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Return what a file says about its question, and its arrays (floats as float64)."""
    with np.load(path, allow_pickle=False) as data:
        about = json.loads(str(data["about"]))
        arrays = {name: _widened(data[name]) for name in data.files if name != "about"}
    return about, arrays


def keep(question: Question) -> None:
    """Note that the code of today gives a stored answer, too: somebody has proven it."""
    path = path_of(question)
    with np.load(path, allow_pickle=False) as data:
        about = json.loads(str(data["about"])) | {"code": question.code}
        _write(path, about, {name: data[name] for name in data.files if name != "about"})


def save(question: Question, history: History, **about: Any) -> None:
    """Store the answer to a question; ``about`` is noted beside it.

    The file is whole or not there, whenever the process ends.
    """
    about |= {
        "code": question.code,
        "question": question.description,
        "settings": question.settings,
        "times": history.times,
        "axes": history.axes,
        "steps": history.steps,
    }
    folder().mkdir(parents=True, exist_ok=True)
    _write(path_of(question), about, history.arrays)


def _write(path, about, arrays):
    with NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as file:
        try:
            text = np.array(json.dumps(about, sort_keys=True))
            _pack(file, {"about": text} | {n: _narrowed(array) for n, array in arrays.items()})
        except BaseException:
            os.unlink(file.name)
            raise
    os.chmod(file.name, 0o644)
    os.replace(file.name, path)


def _pack(file, arrays):
    """Do what `np.savez_compressed` does, a tenth smaller."""
    with ZipFile(file, "w", ZIP_BZIP2) as archive:
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w") as member:
                np.lib.format.write_array(member, array, allow_pickle=False)


def shortened(array: np.ndarray) -> np.ndarray:
    """Return an array as it is stored: 32-bit numbers lose the last bits of their mantissa."""
    array = np.ascontiguousarray(array)
    if array.dtype != np.float32:
        return array
    kept = ~np.uint32(2**DROPPED_BITS - 1)
    rounded = (array.view(np.uint32) + np.uint32(2 ** (DROPPED_BITS - 1))) & kept
    return np.where(np.isfinite(array), rounded.view(np.float32), array)


def _narrowed(array):
    """Return 64-bit numbers with 32 bits where that changes none of them."""
    if array.dtype != np.float64:
        return array
    with np.errstate(over="ignore"):
        narrow = array.astype(np.float32)
    return narrow if np.array_equal(narrow, array, equal_nan=True) else array


def _widened(array):
    return array.astype(np.float64) if array.dtype == np.float32 else array


def _same_settings(stored, asked):
    """Compare settings; one that a file does not know yet must have been as usual, see the key."""
    return len(stored) == len(asked) and all(
        old == {name: new[name] for name in old if name in new}
        for old, new in zip(stored, asked, strict=True)
    )


def remove_unused(keys: Collection[str]) -> list[str]:
    """Delete the files whose keys are not among ``keys``; return their names."""
    unused = [path for path in folder().glob("*.npz") if path.stem not in keys]
    for path in unused:
        with suppress(FileNotFoundError):
            path.unlink()
    return sorted(path.name for path in unused)
