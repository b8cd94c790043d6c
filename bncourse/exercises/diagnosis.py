"""Which mistake is it? Search the switches for the setting whose outputs are the learner's."""

from functools import cache
from itertools import chain, combinations

from bncourse.exercises.comparing import close, same
from bncourse.exercises.observing import expected


def pairs(mistakes):
    """Yield each pair of mistakes that set different switches.

    Parameters
    ----------
    mistakes : dict
        the switches of each mistake, by its id

    Yields
    ------
    ids : tuple of str
    switches : dict
    """
    for ids in combinations(mistakes, 2):
        one, other = (mistakes[id] for id in ids)
        if not one.keys() & other.keys():
            yield ids, one | other


def diagnose(exercise, mistakes, outcomes):
    """Return the ids of the mistakes that together reproduce `outcomes`, or None.

    An empty tuple means that there is no mistake. Probes on which rounding errors show are looked
    at last: the mistake that they are there for joins those that explain the others.
    """
    plain = [(p, o) for p, o in zip(exercise.probes, outcomes, strict=True) if not p.rounding]
    singles = (((id,), switches) for id, switches in mistakes.items())
    both = _likely_pairs(exercise, mistakes, plain)
    for ids, switches in chain([((), {})], singles, both):
        if all(_reproduced(exercise, probe, outcome, switches) for probe, outcome in plain):
            return ids + _rounding(exercise, outcomes, switches)
    return None


def _likely_pairs(exercise, mistakes, plain):
    """Yield the pairs that spoil what is wrong, and nothing else.

    Two mistakes hardly ever mend each other, so one that spoils an output that is right everywhere
    is out; and what is wrong on the first probe must be spoiled by one of the two.
    """
    wrong = [_wrong_outputs(exercise, probe, outcome) for probe, outcome in plain]
    spoiled = {id: _spoiled(exercise, **switches) for id, switches in mistakes.items()}
    suspects = {id: mistakes[id] for id in mistakes if spoiled[id] <= set().union(*wrong)}
    for ids, switches in pairs(suspects):
        if spoiled[ids[0]] | spoiled[ids[1]] >= wrong[0]:
            yield ids, switches


@cache
def _spoiled(exercise, **switches):
    first = exercise.probes[0]
    return _wrong_outputs(exercise, first, expected(exercise, first, **switches))


def _wrong_outputs(exercise, probe, outcome):
    if outcome.outputs is None:
        return set(exercise.outputs)
    tolerance, right = exercise.tolerance_of(probe), expected(exercise, probe).outputs
    return {name for name in right if not close(outcome.outputs[name], right[name], tolerance)}


def _reproduced(exercise, probe, outcome, switches):
    wanted = expected(exercise, probe, **switches)
    return same(outcome, wanted, exercise.tolerance_of(probe))


def _rounding(exercise, outcomes, switches):
    found = [
        probe.rounding
        for probe, outcome in zip(exercise.probes, outcomes, strict=True)
        if probe.rounding and not _reproduced(exercise, probe, outcome, switches)
    ]
    return tuple(dict.fromkeys(found))
