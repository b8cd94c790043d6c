"""Read sentences: they are data in TOML, so that they can be added to and translated."""

import sys
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def read(*path: str) -> dict[str, Any]:
    """Return the data of a TOML file of the package, ``read("checker", "report")``."""
    *folders, name = path
    file = files("bncourse").joinpath(*folders, f"{name}.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


def printable(text: str) -> str:
    """Return `text` with a question mark for what the terminal has no letter for."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    return text.encode(encoding, errors="replace").decode(encoding)
