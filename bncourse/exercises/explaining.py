"""Put what was found into words: a mistake, a trouble, a property that is lacking, an input."""

from dataclasses import dataclass

import numpy as np

from bncourse.exercises.comparing import close, same, symptom
from bncourse.exercises.exercise import Exercise, Probe
from bncourse.exercises.observing import Outcome, expected
from bncourse.exercises.report import Failure, Finding
from bncourse.exercises.returned import Trouble, is_tensor
from bncourse.exercises.texts import mistakes, read

MOST_NUMBERS, MOST_CHARACTERS = 60, 200  # what is larger is described by its shape or its type


def told(trouble, kind):
    """Return a trouble as a finding; `kind` is the file, or the part of it, with its sentences."""
    words = (read("properties") if kind == "property" else read("report")[kind])[trouble.id]
    says, next_step = (words[key].format(**trouble.values) for key in ("says", "next"))
    return Finding(trouble.id, says, next_step)


def known(mistake):
    """Return a mistake that was found by its switches as a finding."""
    return Finding(mistake, **mistakes()[mistake])


def remarks(outcomes):
    """Return sentences on what is right but not wise."""
    words = read("report")["remark"]
    return [words[trouble.id].format(**trouble.values) for trouble in outcomes[0].shared]


@dataclass(frozen=True)
class Failing:
    """The first probe on which an answer fails.

    Attributes
    ----------
    task : Exercise
    probe : Probe
    outcome : Outcome
        what came
    wanted : Outcome
        what was expected
    """

    task: Exercise
    probe: Probe
    outcome: Outcome
    wanted: Outcome

    @classmethod
    def first(cls, task, outcomes):
        """Return the first failing probe, or None if all are right."""
        for probe, outcome in zip(task.probes, outcomes, strict=True):
            wanted = expected(task, probe)
            if not same(outcome, wanted, task.tolerance_of(probe)):
                return cls(task, probe, outcome, wanted)
        return None

    def wrong_output(self):
        """Return the name of the first output that is wrong."""
        if self.outcome.outputs is None:
            return self.task.outputs[0]
        tolerance = self.task.tolerance_of(self.probe)
        return next(
            name
            for name, array in self.wanted.outputs.items()
            if not close(self.outcome.outputs[name], array, tolerance)
        )

    def finding(self):
        """Return the first thing that is wrong, when no known mistake explains it."""
        if self.outcome.outputs is None:
            return told(self.outcome.trouble, "trouble")
        name = self.wrong_output()
        if self.task.wants == "number":
            return told(Trouble("wrong-number", {"output": name}), "property")
        got, right = self.outcome.outputs[name], self.wanted.outputs[name]
        found = symptom(got, right, self.task.tolerance_of(self.probe)) or self._lacking()
        key, values = found or ("some", {})
        return told(Trouble(key, {"output": name} | values), "property")

    def _lacking(self):
        given = dict(zip(self.task.arguments, self.probe.args, strict=False))
        for key, holds in self.task.properties:
            if not holds(self.outcome.outputs, given):
                return key, {}
        return None

    def failure(self, probe):
        """Return the input, what was expected and what came; `probe` is the input in words.

        None if the answer is numbers: what was given is known, and what was expected is not told.
        """
        if self.task.wants == "number":
            return None
        words, name = read("report")["report"], self.wrong_output()
        given = zip(self.task.arguments, self.probe.args, strict=False)
        rows = [(words["given"].format(argument=key), shown(value)) for key, value in given]
        rows += [(words["expected"].format(output=name), shown(self.wanted.outputs[name]))]
        if self.outcome.outputs is not None:
            rows += [(words["got"].format(output=name), shown(self.outcome.outputs[name]))]
        return Failure(probe, tuple(rows))


def shown(value):
    """Return what a report shows of an input or an output."""
    if is_tensor(value):
        value = value.detach().cpu().numpy()
    if isinstance(value, np.ndarray):
        if value.size > MOST_NUMBERS:
            return read("report")["report"]["large"].format(shape=value.shape)
        return np.array2string(value, precision=4, suppress_small=True)
    text = f"{value:.6g}" if isinstance(value, float) else repr(value)
    return text if len(text) <= MOST_CHARACTERS else type(value).__name__
