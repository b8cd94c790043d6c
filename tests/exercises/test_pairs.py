"""Two mistakes at once are never accepted, and nearly always named.

A sample of the pairs is tried, another one for each exercise; with ``BNCOURSE_ALL_PAIRS`` in the
environment all are, which takes half an hour.
"""

import os
import random
from importlib.util import find_spec

import pytest

from bncourse.checker.diagnosis import compatible, diagnose
from bncourse.checker.observing import expected
from bncourse.exercises.catalogue import exercise, exercise_ids, needs_torch

SAMPLE = 12
TORCH = find_spec("torch")
IDS = [id for id in exercise_ids() if TORCH or not needs_torch(id)]


def pairs(id):
    """Return pairs of mistakes on different lines of a solution."""
    every = sorted(compatible(exercise(id)))
    if os.environ.get("BNCOURSE_ALL_PAIRS"):
        return every
    return random.Random(id).sample(every, min(SAMPLE, len(every)))


@pytest.mark.parametrize("id", IDS)
def test_pairs_of_mistakes_are_rejected_and_mostly_named(id):
    task = exercise(id)
    unnamed = []
    for pair in pairs(id):
        outcomes = [expected(task, case, *pair) for case in task.trial.cases]
        found = diagnose(task, outcomes)
        assert found.mistakes or found.unexplained or found.raised, pair
        if not set(found.mistakes) & {id for id, _ in pair}:
            unnamed.append((pair, found))
    assert len(unnamed) <= 0.1 * len(pairs(id)) + 1, unnamed
