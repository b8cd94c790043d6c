"""The sentences of the exercises: data in TOML, so that they can be added to and translated."""

import tomllib
from functools import cache
from importlib.resources import files

FOLDER = files("bncourse.exercises") / "texts"


@cache
def read(*path):
    """Return the texts of one file below ``texts/``, named without its ending."""
    *folders, name = path
    file = FOLDER.joinpath(*folders, f"{name}.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


def names(folder):
    """Return the names of the files in a folder of texts, in the order of the alphabet."""
    return sorted(file.name.removesuffix(".toml") for file in (FOLDER / folder).iterdir())


@cache
def mistakes():
    """Return the sentences of all known mistakes, by id: what it is, what to do, where to read.

    Raises
    ------
    ValueError : two files explain the same mistake.
    """
    found = {}
    for name in names("mistakes"):
        entries = read("mistakes", name)
        if twice := found.keys() & entries.keys():
            raise ValueError(f"{name}.toml explains again {sorted(twice)}: keep one of them")
        found |= entries
    return found
