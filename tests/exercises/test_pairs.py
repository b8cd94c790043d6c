"""Two mistakes at once: never accepted, and nine in ten are named. Slow, so a file of its own."""

import pytest

from bncourse.exercises.catalogue import exercise, exercise_ids, switches_of
from bncourse.exercises.diagnosis import diagnose, pairs
from bncourse.exercises.observing import expected


@pytest.mark.parametrize("id", exercise_ids())
def test_pairs_of_mistakes_are_rejected_and_mostly_named(id):
    task, mistakes = exercise(id), switches_of(id)
    both = dict(pairs(mistakes))
    found = {
        ids: diagnose(task, mistakes, [expected(task, probe, **switches) for probe in task.probes])
        for ids, switches in both.items()
    }
    assert () not in found.values()
    unnamed = [ids for ids, named in found.items() if set(named or ()) != set(ids)]
    assert len(unnamed) <= 0.1 * len(both), unnamed
