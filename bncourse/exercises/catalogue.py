"""Which exercises there are, chapter by chapter; each is a folder, read here.

``catalogue.toml`` holds the order. The folder of an exercise holds ``solution.py`` (the model
solution, and why it is right), ``trial.py`` (the inputs, and what is observed), ``texts.toml`` (its
sentences, and its known mistakes) and ``answers.py`` (answers of people, right and wrong, that the
tests check).
"""

import re
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from importlib.resources import files
from typing import Any

from bncourse.checker.exercise import Exercise, Mistake, explained
from bncourse.checker.report import Section
from bncourse.checker.texts import read
from bncourse.extras import missing

TORCH = re.compile(r"^(?:import|from) (?:torch|bncourse\.exercises\.materials\.networks)", re.M)


@cache
def chapters() -> dict[str, tuple[str, ...]]:
    """Return the ids of the exercises of each chapter, in the order of the book."""
    return {chapter: tuple(ids) for chapter, ids in read("exercises", "catalogue").items()}


def exercise_ids() -> tuple[str, ...]:
    """Return the ids of all exercises, in the order of the book."""
    return tuple(id for ids in chapters().values() for id in ids)


def known(id: str) -> str:
    """Return `id` if there is such an exercise.

    Raises
    ------
    ValueError : there is none; the message names those that are spelled alike.
    """
    if id in exercise_ids():
        return id
    # pyrefly: ignore[unnecessary-type-conversion]
    alike = get_close_matches(str(id), exercise_ids(), n=3) or exercise_ids()
    raise ValueError(f"there is no exercise {id!r}; perhaps you mean one of: {', '.join(alike)}")


def texts_of(id: str) -> dict[str, Any]:
    """Return the texts of an exercise, which need no PyTorch: title, cases, hints, mistakes."""
    return read("exercises", folder_of(known(id)), "texts")


@cache
def exercise(id: str) -> Exercise:
    """Return the `Exercise` with this id.

    Raises
    ------
    ModuleNotFoundError : the exercise is about PyTorch, which is not installed.
    """
    texts, folder = texts_of(id), folder_of(id)
    try:
        trial = import_module(f"bncourse.exercises.{folder}.trial").TRIAL
    except ModuleNotFoundError as error:
        extra = "torch" if error.name == "torch" else "exercises"
        # pyrefly: ignore[bad-argument-type]
        raise missing(f"the exercise {id!r}", error.name, extra) from error
    return Exercise(id, texts, _file(id, "solution.py"), trial, _mistakes(texts))


def needs_torch(id: str) -> bool:
    """Say whether an exercise is about PyTorch, without importing it."""
    return bool(TORCH.search(_file(id, "trial.py")))


def solution_of(id: str) -> tuple[str, str]:
    """Return the explanation and the code of the model solution, without running it."""
    return explained(_file(known(id), "solution.py"))


def commonest(id: str, most: int = 3) -> list[dict[str, Any]]:
    """Return the mistakes, as data, that the answers of people show most often.

    Each is one line of the solution, for it is shown as such, and each is about another line.
    """
    answers, of_each_line = _file(known(id), "answers.py"), {}
    for name, data in texts_of(id)["mistakes"].items():
        line = _first_wording(data)
        if line and "instead_of" not in data and "\n" not in line and not line.endswith(":"):
            found = answers.count(f'"{name}"'), data | {"line": line}
            place = line.partition("=")[0]
            of_each_line[place] = max(
                of_each_line.get(place, found), found, key=lambda pair: pair[0]
            )
    ordered = sorted(of_each_line.values(), key=lambda pair: -pair[0])
    return [data for _, data in ordered[:most]]


def _first_wording(data):
    line = data.get("line", "")
    return line if isinstance(line, str) else line[0]


def _file(id, name):
    return (files("bncourse.exercises") / folder_of(id) / name).read_text(encoding="utf-8")


def folder_of(id: str) -> str:
    """Return the name of the folder of an exercise."""
    return id.replace("-", "_")


def _mistakes(texts):
    return {id: _mistake({"see": texts["see"]} | data) for id, data in texts["mistakes"].items()}


def _mistake(data):
    section = read("exercises", "sections")[data["see"]]
    return Mistake(**data | {"see": Section(label=data["see"], **section)})
