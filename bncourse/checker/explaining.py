"""Put what was found into words: mistakes, trouble, a property that is lacking, an input."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bncourse.checker.comparing import close, symptom
from bncourse.checker.diagnosis import diagnose
from bncourse.checker.exercise import Case, Exercise
from bncourse.checker.observing import Outcome, expected
from bncourse.checker.report import Failure, Finding
from bncourse.checker.returned import ABSENT, Trouble, is_tensor
from bncourse.checker.texts import read

MOST_NUMBERS, MOST_CHARACTERS = 60, 200  # what is larger is described by its shape or its type
PRECISE = 10  # digits, where fewer show no difference


def told(trouble: Trouble, kind: str) -> Finding:
    """Return a trouble as a finding; `kind` is the file, or the part of it, with its sentences."""
    texts = read("checker", "properties") if kind == "property" else _words(kind)
    words = texts[trouble.id]
    says, next_step = (words[key].format(**trouble.values) for key in ("says", "next"))
    return Finding(trouble.id, says, next_step)


def remarks(troubles: Iterable[Trouble]) -> list[str]:
    """Return sentences on what is right but not wise, one for all places of a kind."""
    places = {}
    for trouble in troubles:
        place = _words("remark")[trouble.id]["place"].format(**trouble.values)
        places.setdefault(trouble.id, {})[place] = None
    return [
        _words("remark")[id]["says"].format(places=", ".join(found)) for id, found in places.items()
    ]


def explained(
    exercise: Exercise, outcomes: Sequence[Outcome]
) -> tuple[str, tuple[Finding, ...], Failure | None]:
    """Return a sentence on the whole, the findings, and the input on which it shows first."""
    failing = next(_Failing.each(exercise, outcomes), None)
    if failing is None:
        return "", (), None
    found = diagnose(exercise, outcomes)
    findings = [_known(exercise, id) for id in found.mistakes]
    if found.raised:
        findings.append(_trouble(outcomes))
    elif found.unexplained:
        findings.append(_symptom(exercise, outcomes, found.unexplained))
    return _whole(exercise, found, failing), tuple(findings), failing.failure()


def _words(kind):
    return read("checker", "report")[kind]


def _known(exercise, id):
    mistake = exercise.mistakes[id]
    return Finding(id, mistake.says, mistake.next, mistake.see)


def _whole(exercise, found, failing):
    """Return a sentence that says how much is explained."""
    words = _words("report")
    if found.mistakes:
        if found.unexplained:
            return words["in_part"].format(outputs=", ".join(found.unexplained))
        if found.raised:
            return words["in_part_raised"]
        return words["several" if len(found.mistakes) > 1 else "one"]
    if failing.outcome.outputs is None:
        return ""
    return words[
        "no_mistake_known_number" if exercise.trial.wants == "number" else "no_mistake_known"
    ]


def _trouble(outcomes):
    """Return the first trouble that kept an answer from returning something, as a finding."""
    return told(next(o.trouble for o in outcomes if o.outputs is None), "trouble")


def _symptom(exercise, outcomes, names):
    """Return the first thing that is wrong with the first output that no mistake explains."""
    if exercise.trial.wants == "number":
        key = "wrong-number" if len(names) == 1 else "wrong-numbers"
        return told(Trouble(key, {"output": ", ".join(names)}), "property")
    name = names[0]
    failing = list(_Failing.each(exercise, outcomes, name))
    key, values = symptom(*_together(failing, name), failing[0].tolerance)
    if key in ("absent", "single", "some", "all"):
        key, values = failing[0].lacking() or (key, values)
    return told(Trouble(key, {"output": name} | values), "property")


def _together(failing, name):
    """Return an output as it came and as it was wanted: single numbers from all inputs at once."""
    got = [one.outcome.outputs[name] for one in failing]
    wanted = [one.wanted[name] for one in failing]
    numbers = all(part is not ABSENT and part.size == 1 for part in got + wanted)
    if not numbers or symptom(got[0], wanted[0], failing[0].tolerance)[0] != "single":
        return got[0], wanted[0]
    together = np.ravel(got), np.ravel(wanted)
    named = symptom(*together, failing[0].tolerance)[0] in ("opposite", "multiple", "shifted")
    return together if named else (got[0], wanted[0])


@dataclass(frozen=True)
class _Failing:
    """A case on which an answer fails.

    Attributes
    ----------
    exercise : Exercise
    case : Case
    outcome : Outcome
        what came
    wanted : dict of str to ndarray
        the outputs that were expected
    """

    exercise: Exercise
    case: Case
    outcome: Outcome
    wanted: dict[str, np.ndarray]

    @classmethod
    def each(cls, exercise, outcomes, name=None):
        """Yield each failing case (with one output that is wrong), the first one first."""
        for case, outcome in zip(exercise.trial.cases, outcomes, strict=True):
            # pyrefly: ignore[bad-argument-type]
            failing = cls(exercise, case, outcome, expected(exercise, case).outputs)
            if failing.fails(name):
                yield failing

    @property
    def tolerance(self):
        return self.exercise.trial.tolerance_of(self.case)

    def fails(self, name):
        if name is None:
            return bool(self.wrong_outputs())
        return self.outcome.outputs is not None and name in self.wrong_outputs()

    def wrong_outputs(self):
        """Return the names of the outputs that are wrong; all, if it gave none."""
        got = self.outcome.outputs
        if got is None:
            return list(self.wanted)
        return [n for n, part in self.wanted.items() if not close(got[n], part, self.tolerance)]

    def lacking(self):
        """Return the first property that the outputs lack, and what fills its sentence."""
        given = dict(zip(self.exercise.arguments, self.case.args, strict=False))
        # pyrefly: ignore[missing-attribute]
        if any(part is ABSENT for part in self.outcome.outputs.values()):
            return None
        for key, holds in self.exercise.trial.properties:
            if not holds(self.outcome.outputs, given):
                return key, {}
        return None

    def failure(self):
        """Return the input, what was expected and what came.

        None if the answer is numbers: what was given is known, and what was expected is not told.
        """
        if self.exercise.trial.wants == "number":
            return None
        words, name = _words("report"), self.wrong_outputs()[0]
        given = zip(self.exercise.arguments, self.case.args, strict=False)
        rows = [(words["given"].format(argument=key), shown(value)) for key, value in given]
        outputs = [self.wanted[name]]
        if self.outcome.outputs is not None:
            outputs += [self.outcome.outputs[name]]
        names = (words[key].format(output=name) for key in ("expected", "got"))
        rows += zip(names, side_by_side(*outputs), strict=False)
        return Failure(self.exercise.texts["cases"][self.case.name], tuple(rows))


def side_by_side(*outputs: Any) -> list[str]:
    """Return what a report shows of an output as expected, and as it came, so that they differ."""
    texts = [shown(output) for output in outputs]
    if len(set(texts)) == len(texts):  # so they do if one of them is absent
        return texts
    if len({output.shape for output in outputs}) > 1:
        return texts
    if outputs[0].size <= MOST_NUMBERS:
        return [np.array2string(output, precision=PRECISE) for output in outputs]
    with np.errstate(invalid="ignore"):
        place = np.unravel_index(np.nanargmax(np.abs(outputs[1] - outputs[0])), outputs[0].shape)
    where = "[" + ", ".join(map(str, place)) + "]"
    return [
        _words("report")["large_where"].format(
            shape=output.shape, number=f"{output[place]:.{PRECISE}g}", place=where
        )
        for output in outputs
    ]


def shown(value: Any) -> str:
    """Return what a report shows of an input or an output."""
    if value is ABSENT:
        return _words("report")["absent"]
    if is_tensor(value):
        value = value.detach().cpu().numpy()
    if isinstance(value, np.ndarray):
        if value.size > MOST_NUMBERS:
            return _words("report")["large"].format(shape=value.shape)
        return np.array2string(value, precision=4, suppress_small=True)
    text = f"{value:.6g}" if isinstance(value, float) else repr(value)
    return text if len(text) <= MOST_CHARACTERS else type(value).__name__
