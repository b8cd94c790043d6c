"""The words of the drawings, as data: whole sentences and labels, which can be translated."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


def texts(name: str, **numbers: str | int) -> dict[str, Any]:
    """Return the words of one drawing by their keys, with numbers put into their places.

    Parameters
    ----------
    name : str
        of the drawing's function
    **numbers : str
        what is computed, as it is to be read

    Returns
    -------
    dict
        its ``title``, its text alternative as ``text``, and its labels
    """
    return _filled(_all()[name], numbers)


def _filled(words: Any, numbers: dict[str, str | int]) -> Any:
    if isinstance(words, dict):
        return {key: _filled(inner, numbers) for key, inner in words.items()}
    if isinstance(words, list):
        return [_filled(line, numbers) for line in words]
    return words.format(**numbers)


@cache
def _all():
    return tomllib.loads(files("bncourse.drawings").joinpath("texts.toml").read_text("utf-8"))
