"""Which exercises there are, chapter by chapter, and what belongs to each."""

import ast
import inspect
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from importlib.resources import files

from bncourse.exercises.texts import read


@cache
def chapters():
    """Return the ids of the exercises of each chapter, in the order of the book."""
    return {chapter: tuple(ids) for chapter, ids in read("catalogue").items()}


def exercise_ids():
    """Return the ids of all exercises, in the order of the book."""
    return tuple(id for ids in chapters().values() for id in ids)


def known(id):
    """Return `id` if there is such an exercise.

    Raises
    ------
    ValueError : there is none; the message names those that are spelled alike.
    """
    if id in exercise_ids():
        return id
    alike = get_close_matches(str(id), exercise_ids(), n=3) or exercise_ids()
    raise ValueError(f"there is no exercise {id!r}; perhaps you mean one of: {', '.join(alike)}")


def texts_of(id):
    """Return the texts of one exercise: its title, its probes in words, mistakes and hints."""
    return read("exercises", known(id))


@cache
def switches_of(id):
    """Return the switches of each known mistake of an exercise, by the id of the mistake."""
    return {
        mistake: {key: _hashable(value) for key, value in switches.items()}
        for mistake, switches in texts_of(id)["mistakes"].items()
    }


def _hashable(value):
    return tuple(map(_hashable, value)) if isinstance(value, list) else value


def exercise(id):
    """Return the `Exercise` with this id.

    Raises
    ------
    ModuleNotFoundError : the exercise is about PyTorch, which is not installed.
    """
    try:
        return import_module(f"bncourse.exercises.tasks.{_module(known(id))}").EXERCISE
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            f"the exercise {id!r} needs {error.name}, which is not installed here: "
            "`pip install -r requirements.txt` brings it",
            name=error.name,
        ) from error


def solution_source(id):
    """Return the explanation and the code of the model solution, without running it."""
    folder = files("bncourse.exercises") / "solutions"
    source = folder.joinpath(f"{_module(known(id))}.py").read_text(encoding="utf-8")
    explanation = ast.parse(source).body[0]
    code = "\n".join(source.splitlines()[explanation.end_lineno :])
    return inspect.cleandoc(explanation.value.value), code.strip()


def _module(id):
    return id.replace("-", "_")
