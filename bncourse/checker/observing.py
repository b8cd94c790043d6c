"""Try an answer on every case: what it returned, as arrays, or what went wrong."""

import contextlib
import inspect
import sys
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from bncourse.checker.comparing import close
from bncourse.checker.exercise import Case, Exercise, Key
from bncourse.checker.guard import Stopped, guarded, line_of
from bncourse.checker.returned import ABSENT, Trouble, UnfitError, is_tensor, named, parts_of


@dataclass
class Outcome:
    """What an answer made of one case: arrays by name, or trouble, and what is not wise."""

    outputs: dict | None = None
    trouble: Trouble | None = None
    remarks: tuple[Trouble, ...] = ()


@dataclass(frozen=True)
class Behaviour:
    """All that was seen of an answer.

    Attributes
    ----------
    outcomes : tuple of Outcome
        one a case
    faults : tuple of Trouble
        how it behaved, whatever it returned: changed its input, remembered an earlier call
    printed : str
        the first lines that it printed
    """

    outcomes: tuple[Outcome, ...]
    faults: tuple[Trouble, ...]
    printed: str


def behaviour(exercise: Exercise, answer: object) -> Behaviour:
    """Try `answer` on all cases of the exercise within its time, and once more on the first."""
    cases, seconds = exercise.trial.cases, exercise.trial.seconds
    outcomes, faults = [], []

    def work():
        for case in cases:
            outcomes.append(_outcome(exercise, answer, case, faults))
        again = _outcome(exercise, answer, cases[0], faults)
        if not _alike(outcomes[0], again, exercise.trial.tolerance_of(cases[0])):
            faults.append(Trouble("keeps-state", {}))

    run = guarded(work, seconds)
    if run.stopped:
        outcomes.append(Outcome(trouble=Trouble("slow", {"seconds": f"{seconds:g}"})))
    elif run.error is not None:
        raise run.error  # a mistake of ours: those of the answer are outcomes
    outcomes = (outcomes + outcomes[-1:] * len(cases))[: len(cases)]
    pairs = [(o, expected(exercise, p)) for p, o in zip(cases, outcomes, strict=True)]
    faults += _axes_taken_off(
        [pair for pair in pairs if None not in (pair[0].outputs, pair[1].outputs)]
    )
    faults += _other_defaults(exercise, answer)
    return Behaviour(tuple(outcomes), _distinct(faults), run.printed)


def _other_defaults(exercise, answer):
    """Return a fault for each parameter whose default is not that of the stub."""
    try:
        found = list(inspect.signature(answer).parameters.values())
    except (TypeError, ValueError):
        return []
    faults = []
    for name, wanted in exercise.defaults.items():
        parameter = dict(zip(exercise.arguments, found, strict=False)).get(name)
        if parameter is None or parameter.kind not in (
            parameter.POSITIONAL_ONLY,
            parameter.POSITIONAL_OR_KEYWORD,
        ):
            continue
        values = {"argument": parameter.name, "wanted": repr(wanted)}
        if parameter.default is parameter.empty:
            faults.append(Trouble("no-default", values))
        elif parameter.default != wanted:
            faults.append(Trouble("another-default", values | {"got": repr(parameter.default)}))
    return faults


def _complete(exercise, answer, args):
    """Add the stub's defaults to the arguments, if the answer takes them.

    Then another default of its own, which is a fault by itself, spoils no number.
    """
    missing = exercise.arguments[len(args) :]
    if not missing or not set(missing) <= exercise.defaults.keys():
        return args
    added = *args, *(exercise.defaults[name] for name in missing)
    try:
        inspect.signature(answer).bind(*added)
    except (TypeError, ValueError):
        return args
    return added


@cache
def expected(exercise: Exercise, case: Case, *mistakes: Key) -> Outcome:
    """Return the outcome of the right answer, or of the one with `mistakes` in it.

    Raises
    ------
    RuntimeError
        The right answer fails: to compare with it would let every answer pass that fails, too.
    """
    outcome = _outcome(exercise, exercise.answer(*mistakes), case, [])
    if outcome.outputs is None and not mistakes:
        raise RuntimeError(f"the model solution of {exercise.id} fails here: {outcome.trouble}")
    return outcome


def _outcome(exercise, answer, case, faults):
    args = copies(case.args)
    with _neutral():
        outcome, value = _tried(exercise, answer, _complete(exercise, answer, args))
    if outcome.outputs is None:
        return outcome
    for name, before, after in zip(exercise.arguments, case.args, args, strict=False):
        if changed(before, after):
            faults.append(Trouble("changes-input", {"argument": name}))
    outcome.remarks = (*_lists(value, exercise.trial), *_shared(value, exercise, args))
    return outcome


def _tried(exercise, answer, args):
    """Return what an answer made of its arguments, and the value that it returned."""
    try:
        value = exercise.trial.observe(answer, *args)
        return Outcome(outputs=named(value, exercise.trial)), value
    except UnfitError as unfit:
        trouble = unfit.trouble
    except SystemExit:
        trouble = Trouble("quits", {})
    except Stopped:
        raise
    except BaseException as error:
        if type(error) is NotImplementedError:  # its subclasses are other troubles
            trouble = Trouble("not-attempted", {})
        else:
            trouble = _raised(error, answer)
    return Outcome(trouble=trouble), None


@contextlib.contextmanager
def _neutral():
    """Compute as a fresh kernel does, whatever is switched on or off around the check."""
    with contextlib.ExitStack() as stack:
        stack.enter_context(np.errstate(all="ignore"))
        stack.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore")
        torch = sys.modules.get("torch")
        if torch and hasattr(torch, "__version__"):  # and no stand-in that can only be named
            stack.callback(torch.set_default_dtype, torch.get_default_dtype())
            torch.set_default_dtype(torch.float32)
            stack.enter_context(torch.inference_mode(False))
            stack.enter_context(torch.enable_grad())
            stack.enter_context(torch.autocast("cpu", enabled=False))
        yield


def copies(args: Iterable[Any]) -> tuple[Any, ...]:
    """Return `args` with arrays and tensors copied, so that no call can spoil the next."""
    return tuple(_copy(value) for value in args)


def _copy(value):
    if isinstance(value, np.ndarray):
        return value.copy(order="K")
    if isinstance(value, tuple | list):
        return type(value)(_copy(item) for item in value)
    if isinstance(value, dict):
        return {key: _copy(item) for key, item in value.items()}
    return value.clone() if hasattr(value, "clone") else value


def _axes_taken_off(pairs):
    """Take off, or put on, axes of length 1, so that the numbers can be judged; say where.

    Only of outputs whose shapes are right on every input but for such axes: otherwise the shape is
    another one, which happens to be alike on a small input.
    """
    faults = []
    for name in pairs[0][1].outputs if pairs else ():
        both = [(outcome, wanted.outputs[name]) for outcome, wanted in pairs]
        parts = [(outcome.outputs[name], right) for outcome, right in both]
        if not all(_alike_but_for_ones(*part) for part in parts):
            continue
        for outcome, right in both:
            got = outcome.outputs[name]
            if got.shape != right.shape:
                outcome.outputs[name] = got.reshape(right.shape)
                shapes = {"got": str(got.shape), "wanted": str(right.shape)}
                faults.append(Trouble("axes-of-one", {"output": name} | shapes))
    return faults


def _alike_but_for_ones(got, right):
    return got is not ABSENT and right is not ABSENT and _long_axes(got) == _long_axes(right)


def _long_axes(array):
    return [length for length in array.shape if length != 1]


def _lists(value, trial):
    """Yield a trouble for each output that is a list where an array is asked for."""
    for output, part in zip(trial.outputs, parts_of(value, trial), strict=False):
        if trial.wants == "array" and isinstance(part, list | tuple):
            yield Trouble("returns-list", {"output": output, "kind": type(part).__name__})


def _shared(value, exercise, args):
    """Yield a trouble for each output that is a view of an argument."""
    trial = exercise.trial
    for output, part in zip(trial.outputs, parts_of(value, trial), strict=False):
        for name, argument in zip(exercise.arguments, args, strict=False):
            both = isinstance(part, np.ndarray) and isinstance(argument, np.ndarray)
            if both and np.shares_memory(part, argument):
                yield Trouble("aliases-input", {"output": output, "argument": name})


def _raised(error, answer):
    if not callable(answer):
        return Trouble("raises-reading", {"message": _message(error)})
    code = getattr(inspect.unwrap(answer), "__code__", None) or _code_of_class(answer)
    filename = code and code.co_filename
    line = line_of(error, filename) if filename else None
    values = {"error": type(error).__name__, "message": _message(error)}
    if line is None:
        return Trouble("raises", values)
    return Trouble("raises-at", values | {"number": line[0], "line": line[1]})


def _message(error):
    try:
        return str(error) or "–"
    except BaseException:  # an exception of the answer may be broken, too
        return "–"


def _code_of_class(answer):
    members = vars(answer).values() if inspect.isclass(answer) else ()
    return next((member.__code__ for member in members if inspect.isfunction(member)), None)


def changed(before: Any, after: Any) -> bool:
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
    """Return one of each kind of fault of an argument; of outputs, the first."""
    kinds = {(f.id, f.values.get("argument")): f for f in faults[::-1]}
    return tuple(kinds.values())[::-1]
