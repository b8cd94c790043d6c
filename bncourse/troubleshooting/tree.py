"""Walk the tree of questions: each is answered by a measurement, and a yes leads on to causes."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.resources import files
from typing import Any

from bncourse.troubleshooting.examination import Examination
from bncourse.troubleshooting.measured import Measured


@cache
def texts() -> dict[str, Any]:
    """Return the questions and sentences, as data."""
    return tomllib.loads(files("bncourse.troubleshooting").joinpath("tree.toml").read_text("utf-8"))


@dataclass(frozen=True)
class Answer:
    """A question that was asked, or not.

    Attributes
    ----------
    id : str
        of the question
    measured : tuple of Measured
        of each layer where it was measured, the weightiest first
    why_not : str
        the key of the sentence that says why it was not asked
    causes : tuple of Answer
        the questions below it
    """

    id: str
    measured: tuple[Measured, ...] = ()
    why_not: str = ""
    causes: tuple["Answer", ...] = ()

    @property
    def found(self) -> tuple[Measured, ...]:
        """The measurements that tell of trouble."""
        return tuple(one for one in self.measured if one.found)

    @property
    def yes(self) -> bool:
        """Whether the answer is yes; of a question without a measurement, whether a cause is."""
        return bool(self.found) or any(cause.yes for cause in self.causes)

    @property
    def certain(self) -> bool:
        """Whether a yes is trouble wherever the model is used."""
        return any(one.certain for one in self.found) or any(c.certain for c in self.causes)


def walk(exam: Examination) -> list[Answer]:
    """Ask all questions about a model under examination.

    Parameters
    ----------
    exam : Examination
        its measurements

    Returns
    -------
    list of Answer
        one for each branch, in the order of the tree
    """
    answers, stopped = [], False
    for branch in texts()["branch"]:
        answers.append(_ask(branch, exam, "stopped" if stopped else _lacks(branch, exam)))
        stopped = stopped or (branch.get("stops", False) and answers[-1].yes)
    return answers


def _lacks(branch, exam):
    """Return the key of what a branch needs and was not given, or nothing."""
    given = {"evaluation": exam.seen_other > 0, "reference": exam.reference is not None}
    needs = branch.get("needs")
    return "" if needs is None or given[needs] else f"needs_{needs}"


def _ask(branch, exam, why_not):
    """Answer the question of a branch, and those below it if it is answered yes."""
    symptom = () if why_not else _measured(branch, exam)
    if not why_not and "number" in branch:
        if not symptom:
            why_not = "needs_nothing"
        elif not any(one.found for one in symptom):
            why_not = "no_symptom"
    own = "" if why_not == "no_symptom" else why_not
    return Answer(branch["id"], symptom, own, tuple(_causes(branch, exam, why_not)))


def _causes(branch, exam, why_not):
    """Answer the questions of a branch. Each layer is named by one of them, the first that may."""
    named, certain = set(), False
    for cause in branch["cause"]:
        if why_not or (certain and cause.get("last", False)):
            yield Answer(cause["id"], why_not=why_not or "named")
            continue
        measured = [one for one in _measured(cause, exam) if one.layer not in named]
        found = [one for one in measured if one.found and one.certain]
        named |= {one.layer for one in found if one.layer}
        certain = certain or bool(found)
        yield Answer(cause["id"], tuple(measured), "" if measured else "needs_nothing")


def _measured(question, exam):
    """Return what the file of a question's name measures, the weightiest first."""
    if "number" not in question:
        return ()
    name = f"bncourse.troubleshooting.measurements.{question['id']}"
    found = import_module(name).measure(exam) or ()
    return tuple(sorted(found, key=lambda one: (one.found, one.weight * _side(one)), reverse=True))


def _side(measured):
    """Return -1 for what is far on the right side of its limit: the nearest is the weightiest."""
    return 1 if measured.found else -1
