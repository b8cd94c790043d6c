"""Which mistakes are it? Find those that give the outputs of the learner.

First one mistake, or two, that explain everything; then each wrong output by itself, by the
mistake that explains most of what is left. A mistake that would spoil an output that is right is
out: two mistakes hardly ever mend each other. Inputs on which an answer raised are left out, for
what it would have returned is not known.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations

import numpy as np

from bncourse.checker.comparing import close
from bncourse.checker.exercise import Exercise, Key
from bncourse.checker.observing import Outcome, expected
from bncourse.checker.returned import ABSENT

MOST_TELLING = 1e-3  # a tolerance: numbers that may differ by more agree by accident


@dataclass(frozen=True)
class Diagnosis:
    """What explains an answer.

    Attributes
    ----------
    mistakes : tuple of str
        their ids
    unexplained : tuple of str
        the outputs that are wrong, and that no mistake explains
    raised : bool
        whether the answer raised on an input where the mistakes would not
    """

    mistakes: tuple[str, ...] = ()
    unexplained: tuple[str, ...] = ()
    raised: bool = False


def diagnose(exercise: Exercise, outcomes: Sequence[Outcome]) -> Diagnosis:
    """Return the `Diagnosis` of an answer that gave `outcomes`, one a case."""
    return _Search(exercise, outcomes).diagnosis()


def compatible(exercise: Exercise) -> list[tuple[Key, Key]]:
    """Return each pair of lines that can be wrong at once."""
    return [pair for pair in combinations(exercise.lines, 2) if exercise.go_together(*pair)]


def agree(got: Outcome, wanted: Outcome, tolerance: float) -> bool:
    """Say whether two outcomes are the same in all outputs."""
    if got.outputs is None or wanted.outputs is None:
        return _raises(got) and _raises(wanted)
    return all(close(got.outputs[name], part, tolerance) for name, part in wanted.outputs.items())


def _raises(outcome):
    return outcome.outputs is None and outcome.trouble.id.startswith("raises")


def _finite(outcome):
    parts = outcome.outputs.values() if outcome.outputs else ()
    return all(part is ABSENT or np.isfinite(part).all() for part in parts)


def _divides_by_zero(one, other):
    """Say whether of two wrong outcomes one raised, where the other is not finite."""
    return _raises(one) and not _finite(other) or _raises(other) and not _finite(one)


class _Search:
    def __init__(self, exercise, outcomes):
        self.exercise = exercise
        self.all = tuple(zip(exercise.trial.cases, outcomes, strict=True))
        plain = [(p, o) for p, o in self.all if p.name not in exercise.rounding]
        self.usable = [(p, o) for p, o in plain if o.outputs is not None]
        self.plain = plain
        outputs = exercise.trial.outputs
        self.wrong = [name for name in outputs if not self._explained(name)]

    def diagnosis(self):
        if not self.usable:
            return Diagnosis(raised=True)
        if (whole := next(filter(self._whole, self._candidates()), None)) is not None:
            return Diagnosis(_ids(whole, self._rounding(whole)))
        found, left = self._one_by_one()
        raised = len(self.usable) < len(self.plain) and not self._raise_alike(found)
        return Diagnosis(_ids(found), tuple(left), raised)

    def _candidates(self):
        yield ()
        yield from ((key,) for key in self.exercise.lines)
        yield from self._pairs(set(self.wrong))

    def _pairs(self, spoiling):
        """Yield the pairs that spoil what is wrong, and nothing else."""
        suspects = [key for key in self.exercise.lines if self._suspect(key)]
        if len(spoiling) == 1:  # of two that spoil one output, each does
            suspects = [key for key in suspects if spoiling <= self._spoiled(key)]
        for pair in combinations(suspects, 2):
            spoiled = self._spoiled(pair[0]) | self._spoiled(pair[1])
            if spoiled >= spoiling and self.exercise.go_together(*pair):
                yield pair

    def _suspect(self, key):
        return self._spoiled(key) <= set(self.wrong)

    def _spoiled(self, key):
        return frozenset().union(*(_spoiled(self.exercise, case, key) for case, _ in self.usable))

    def _whole(self, keys):
        return all(
            agree(outcome, expected(self.exercise, case, *keys), self._tolerance(case))
            for case, outcome in self.plain
        )

    def _one_by_one(self):
        """Return mistakes that explain single outputs, and the outputs that none explains."""
        found, left = [], list(self.wrong)
        suspects = [key for key in self.exercise.lines if self._suspect(key)]
        while left and suspects:
            explained = [self._explained_by(key, left) for key in suspects]
            whole = [self._spoiled(k) <= set(e) for k, e in zip(suspects, explained, strict=True)]
            best = max(range(len(suspects)), key=lambda i: (whole[i], len(explained[i])))
            if not explained[best]:
                break
            found.append(suspects[best])
            left = [name for name in left if name not in explained[best]]
        for name in filter(self._telling, tuple(left)):
            if pair := next((p for p in self._pairs({name}) if self._explained(name, *p)), None):
                found += [key for key in pair if key not in found]
                left.remove(name)
        return found, left

    def _explained_by(self, key, left):
        """Return the outputs, of those left, that a mistake explains.

        It has to explain all that it spoils; or else, only outputs that tell are counted.
        """
        explained = [name for name in self.wrong if self._explained(name, key)]
        if not self._spoiled(key) <= set(explained):
            explained = filter(self._telling, explained)
        return [name for name in explained if name in left]

    def _telling(self, name):
        """Say whether an output is the same by no accident: several numbers, and precise ones."""
        parts = [outcome.outputs[name] for _, outcome in self.usable]
        numbers = [part for part in parts if part is not ABSENT]
        precise = self.exercise.trial.tolerance <= MOST_TELLING
        fractions = any((part % 1).any() for part in numbers)
        return precise and fractions and sum(part.size for part in numbers) > 2

    def _explained(self, name, *keys):
        """Say whether mistakes (none: the right answer) give one output on all usable cases."""
        seen = False
        for case, outcome in self.usable:
            wanted, got = expected(self.exercise, case, *keys), outcome.outputs[name]
            if wanted.outputs is not None:
                same = close(got, wanted.outputs[name], self._tolerance(case))
            else:
                same = self._both_fail(case, outcome, wanted) and got is not ABSENT
            if not same:
                return False
            seen = True
        return seen or not keys

    def _raise_alike(self, found):
        raised = [(case, outcome) for case, outcome in self.plain if outcome.outputs is None]
        return found and all(
            any(self._both_fail(case, outcome, expected(self.exercise, case, key)) for key in found)
            for case, outcome in raised
        )

    def _both_fail(self, case, outcome, wanted):
        """Say whether two wrong answers fail alike: 1 / 0 raises in Python, and not in NumPy."""
        if not _finite(expected(self.exercise, case)):
            return _raises(outcome) and _raises(wanted)
        return _raises(outcome) and _raises(wanted) or _divides_by_zero(outcome, wanted)

    def _rounding(self, keys):
        """Return the ids of the mistakes that show on one case alone, if it is wrong there."""
        return [
            self.exercise.rounding[case.name]
            for case, outcome in self.all
            if case.name in self.exercise.rounding
            and not agree(outcome, expected(self.exercise, case, *keys), self._tolerance(case))
        ]

    def _tolerance(self, case):
        return self.exercise.trial.tolerance_of(case)


def _ids(keys, more=()):
    """Return the ids of mistakes, each once, from the keys of their wordings, and more ids."""
    return tuple(dict.fromkeys([id for id, _ in keys] + list(more)))


@cache
def _spoiled(exercise, case, key):
    """Return the outputs that a mistake makes wrong on one case."""
    right, wrong = expected(exercise, case).outputs, expected(exercise, case, key).outputs
    if wrong is None:
        return frozenset(exercise.trial.outputs)
    tolerance = exercise.trial.tolerance_of(case)
    # pyrefly: ignore[not-iterable, unsupported-operation]
    return frozenset(name for name in right if not close(wrong[name], right[name], tolerance))
