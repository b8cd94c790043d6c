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


def told(trouble: Trouble, kind: str) -> Finding:
    """Return a trouble as a finding; `kind` is the file, or the part of it, with its sentences."""
    texts = read("checker", "properties") if kind == "property" else _words(kind)
    words = texts[trouble.id]
    says, next_step = (words[key].format(**trouble.values) for key in ("says", "next"))
    return Finding(trouble.id, says, next_step)


def remarks(troubles: Iterable[Trouble]) -> list[str]:
    """Return sentences on what is right but not wise."""
    return [_words("remark")[trouble.id].format(**trouble.values) for trouble in troubles]


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
        findings.append(_symptom(exercise, outcomes, found.unexplained[0]))
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
        if found.unexplained or found.raised:
            return words["in_part"]
        return words["several" if len(found.mistakes) > 1 else "one"]
    if failing.outcome.outputs is None:
        return ""
    return words[
        "no_mistake_known_number" if exercise.trial.wants == "number" else "no_mistake_known"
    ]


def _trouble(outcomes):
    """Return the first trouble that kept an answer from returning something, as a finding."""
    return told(next(o.trouble for o in outcomes if o.outputs is None), "trouble")


def _symptom(exercise, outcomes, name):
    """Return the first thing that is wrong with an output that no mistake explains."""
    if exercise.trial.wants == "number":
        return told(Trouble("wrong-number", {"output": name}), "property")
    failing = next(_Failing.each(exercise, outcomes, name))
    # pyrefly: ignore[unsupported-operation]
    found = symptom(failing.outcome.outputs[name], failing.wanted[name], failing.tolerance)
    if found is None or found[0] == "absent":
        found = failing.lacking() or found
    key, values = found or ("some", {})
    return told(Trouble(key, {"output": name} | values), "property")


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
        rows += [(words["expected"].format(output=name), shown(self.wanted[name]))]
        if self.outcome.outputs is not None:
            rows += [(words["got"].format(output=name), shown(self.outcome.outputs[name]))]
        return Failure(self.exercise.texts["cases"][self.case.name], tuple(rows))


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
