"""Check an answer: try it, compare it, and find the mistake that explains it."""

from bncourse.exercises import record
from bncourse.exercises.catalogue import exercise, switches_of, texts_of
from bncourse.exercises.diagnosis import diagnose
from bncourse.exercises.explaining import Failing, known, remarks, told
from bncourse.exercises.observing import behaviour
from bncourse.exercises.report import Report
from bncourse.exercises.returned import Trouble
from bncourse.exercises.texts import read


def check(id, answer):
    """Try an answer to an exercise, and say whether it is right and, if not, what is wrong.

    It is called with small inputs, for a few seconds at most, whatever it does. What it returns is
    compared with the right outputs, and with those that each known mistake gives, alone and in
    pairs. The result is noted in a file on this machine (see `progress`).

    Parameters
    ----------
    id : str
        the exercise, as written beside it
    answer : object
        what the exercise asks for: a function, a class, or numbers

    Returns
    -------
    Report
        shows itself as the last line of a cell; ``report.passed`` and ``report.mistakes`` say the
        same to a program

    Raises
    ------
    ValueError : there is no such exercise.
    """
    report = _report(id, exercise(id), answer)
    record.note_check(report)
    return report


def _report(id, task, answer):
    texts = texts_of(id)
    words = read("report")["report"]
    if answer is None or answer is ...:
        return Report(id, texts["title"], "not attempted", note=words["no_number"])
    if (trouble := _unfit(id, task, answer)) is not None:
        return Report(id, texts["title"], "not yet", findings=(told(trouble, "trouble"),))
    seen = behaviour(task, answer)
    if _untouched(answer, seen.outcomes[0]):
        return Report(id, texts["title"], "not attempted", note=words["not_attempted"])
    return _judged(id, task, texts, seen)


def _unfit(id, task, answer):
    """Return the trouble of an answer that is a function where numbers are asked, or otherwise."""
    if task.wants == "number":
        return Trouble("callable", {}) if callable(answer) else None
    if callable(answer):
        return None
    return Trouble("not-callable", {"kind": type(answer).__name__, "id": id})


def _untouched(answer, first):
    """Say whether the answer is still the stub: it raises, or its body is empty."""
    if first.trouble is None:
        return False
    code = getattr(answer, "__code__", None)
    empty = code is not None and code.co_code == _empty.__code__.co_code
    return first.trouble.id == "not-attempted" or (first.trouble.id == "returns-none" and empty)


def _empty():
    pass


def _judged(id, task, texts, seen):
    failing = Failing.first(task, seen.outcomes)
    note, findings = _explained(id, task, seen, failing)
    return Report(
        id,
        texts["title"],
        "not yet" if findings else "passed",
        tried=tuple(texts["probes"][probe.name] for probe in task.probes),
        findings=findings,
        failure=failing and failing.failure(texts["probes"][failing.probe.name]),
        note=" ".join(filter(None, [note, *remarks(seen.outcomes)])),
        printed=seen.printed,
    )


def _explained(id, task, seen, failing):
    """Return a sentence on the whole, and the findings."""
    words = read("report")["report"]
    faults = tuple(told(fault, "fault") for fault in seen.faults)
    if failing is None:
        return "" if faults else words["passed"], faults
    if found := diagnose(task, switches_of(id), seen.outcomes):
        note = words["several" if len(found) > 1 else "one"]
        return note, tuple(map(known, found)) + faults
    number = task.wants == "number"
    note = words["no_mistake_known_number" if number else "no_mistake_known"]
    return note if failing.outcome.outputs else "", (failing.finding(), *faults)
