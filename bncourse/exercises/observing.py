"""Try an answer on every probe: what it returned, as arrays, or what went wrong."""

import inspect
import warnings
from dataclasses import dataclass
from functools import cache

import numpy as np

from bncourse.exercises.comparing import close
from bncourse.exercises.exercise import copies
from bncourse.exercises.guard import guarded, line_of
from bncourse.exercises.returned import Trouble, UnfitError, is_tensor, named, parts_of

SHOWN_LINES = 10


@dataclass
class Outcome:
    """What an answer made of one probe: arrays by name, or trouble, and what shares memory."""

    outputs: dict | None = None
    trouble: Trouble | None = None
    shared: tuple[Trouble, ...] = ()


@dataclass(frozen=True)
class Behaviour:
    """All that was seen of an answer.

    Attributes
    ----------
    outcomes : tuple of Outcome
        one a probe
    faults : tuple of Trouble
        how it behaved, whatever it returned: changed its input, remembered an earlier call
    printed : str
        the first lines that it printed
    """

    outcomes: tuple[Outcome, ...]
    faults: tuple[Trouble, ...]
    printed: str


def behaviour(exercise, answer):
    """Try `answer` on all probes of the exercise within its time, and once more on the first."""
    outcomes, faults = [], []

    def work():
        with np.errstate(all="ignore"):
            for probe in exercise.probes:
                outcomes.append(_outcome(exercise, answer, probe, faults))
            again = _outcome(exercise, answer, exercise.probes[0], faults)
            if not _alike(outcomes[0], again, exercise.tolerance_of(exercise.probes[0])):
                faults.append(Trouble("keeps-state", {}))

    run = guarded(work, exercise.seconds)
    if run.stopped:
        outcomes.append(Outcome(trouble=Trouble("slow", {"seconds": f"{exercise.seconds:g}"})))
    elif run.error is not None:
        raise run.error  # a mistake of ours: those of the answer are outcomes
    missing = len(exercise.probes) - len(outcomes)
    outcomes.extend([outcomes[-1]] * missing)
    printed = "\n".join(run.printed.splitlines()[:SHOWN_LINES])
    return Behaviour(tuple(outcomes[: len(exercise.probes)]), _distinct(faults), printed)


@cache
def expected(exercise, probe, **switches):
    """Return the outcome of the right answer, or of the one that `switches` make wrong."""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return _outcome(exercise, exercise.make(**switches), probe, [])


def _outcome(exercise, answer, probe, faults):
    args = copies(probe.args)
    try:
        value = exercise.observe(answer, *args)
        outcome = Outcome(outputs=named(value, exercise))
    except UnfitError as unfit:
        return Outcome(trouble=unfit.trouble)
    except SystemExit:
        return Outcome(trouble=Trouble("quits", {}))
    except Exception as error:
        if type(error) is NotImplementedError:  # its subclasses are other troubles
            return Outcome(trouble=Trouble("not-attempted", {}))
        return Outcome(trouble=_raised(error, answer))
    for name, before, after in zip(exercise.arguments, probe.args, args, strict=False):
        if changed(before, after):
            faults.append(Trouble("changes-input", {"argument": name}))
    outcome.shared = tuple(_shared(value, exercise, args))
    return outcome


def _shared(value, exercise, args):
    """Yield a trouble for each output that is a view of an argument."""
    for output, part in zip(exercise.outputs, parts_of(value, exercise), strict=False):
        for name, argument in zip(exercise.arguments, args, strict=False):
            both = isinstance(part, np.ndarray) and isinstance(argument, np.ndarray)
            if both and np.shares_memory(part, argument):
                yield Trouble("aliases-input", {"output": output, "argument": name})


def _raised(error, answer):
    if not callable(answer):
        return Trouble("raises-reading", {"message": str(error)})
    code = getattr(inspect.unwrap(answer), "__code__", None) or _code_of_class(answer)
    filename = code and code.co_filename
    line = line_of(error, filename) if filename else None
    values = {"error": type(error).__name__, "message": str(error) or "–"}
    if line is None:
        return Trouble("raises", values)
    return Trouble("raises-at", values | {"number": line[0], "line": line[1]})


def _code_of_class(answer):
    members = vars(answer).values() if inspect.isclass(answer) else ()
    return next((member.__code__ for member in members if inspect.isfunction(member)), None)


def changed(before, after):
    """Say whether an argument is another than before the call."""
    if isinstance(before, np.ndarray):
        return not np.array_equal(before, after, equal_nan=before.dtype.kind == "f")
    if isinstance(before, tuple | list):
        return len(before) != len(after) or any(map(changed, before, after))
    if isinstance(before, dict):
        return before.keys() != after.keys() or any(changed(before[k], after[k]) for k in before)
    return is_tensor(before) and not before.equal(after)


def _alike(first, again, tolerance):
    """Say whether two calls gave the same, but for rounding, which may depend on the memory."""
    if first.outputs is None or again.outputs is None:
        return first.outputs is again.outputs
    return all(close(again.outputs[name], first.outputs[name], tolerance) for name in first.outputs)


def _distinct(faults):
    return tuple({(f.id, *f.values.items()): f for f in faults}.values())
