"""English text, a letter at a time: the descriptions of data sets in scikit-learn 1.9.1."""

from functools import cache
from importlib.resources import files

import numpy as np

from bncourse.data.splits import Splits

ALPHABET = " ',.abcdefghijklmnopqrstuvwxyz"
NEIGHBORS = 8  # windows that go into the same split, as what stands side by side is alike


def text(seed: int, *, context: int = 32, validation: float = 0.15, test: float = 0.25) -> Splits:
    """Return windows of an English text, each with what follows every one of its letters.

    In the text there are small letters, spaces, points, commas and apostrophes; whatever else stood
    between them, digits too, has become one space. The windows do not overlap. Eight neighbors go
    into one split.

    Parameters
    ----------
    seed : int
        chooses the splits
    context : int
        letters of a window
    validation, test : float
        parts of the whole, each more than 0, together less than 1

    Returns
    -------
    Splits
        ``x`` and ``y`` are arrays of int, ``(windows, context)``: places in ``ALPHABET``, and
        ``y[n, t]`` is the letter that follows ``x[n, t]``. ``mean`` is 0 and ``std`` is 1.

    Raises
    ------
    ValueError
        ``validation`` and ``test`` leave a split without a window.
    """
    letters = _letters()
    size = context * NEIGHBORS
    pieces = (len(letters) - 1) // size
    order = np.random.default_rng(seed).permutation(pieces)
    first, second = round(validation * pieces), round((validation + test) * pieces)
    if not 0 < first < second < pieces:
        raise ValueError(
            "validation and test must leave windows in each split, got "
            f"{validation} and {test} for {pieces} pieces of {NEIGHBORS} windows"
        )
    parts = {"validation": order[:first], "test": order[first:second], "train": order[second:]}
    arrays = {
        f"{axis}_{name}": letters[start : start + pieces * size]
        .reshape(pieces, NEIGHBORS, context)[chosen]
        .reshape(-1, context)
        for name, chosen in parts.items()
        for axis, start in (("x", 0), ("y", 1))
    }
    return Splits(**arrays, mean=np.zeros(1), std=np.ones(1))


@cache
def _letters():
    """Return the whole text as places in the alphabet."""
    found = files("bncourse.data").joinpath("letters.txt").read_text("ascii")
    return np.array([ALPHABET.index(letter) for letter in found])
