"""Check an answer: try it, compare it, and find the mistakes that explain it."""

from bncourse.checker.exercise import Exercise
from bncourse.checker.explaining import explained, remarks, told
from bncourse.checker.observing import behaviour
from bncourse.checker.report import Report
from bncourse.checker.returned import Trouble
from bncourse.checker.texts import read


def check(exercise: Exercise, answer: object) -> Report:
    """Try an answer, and say whether it is right and, if not, what is wrong.

    Parameters
    ----------
    exercise : Exercise
    answer : object
        what the exercise asks for: a function, a class, or numbers

    Returns
    -------
    Report
    """
    title, words = exercise.texts["title"], read("checker", "report")["report"]
    if answer is None or answer is ...:
        return Report(exercise.id, title, "not attempted", summary=words["no_number"])
    if (trouble := _unfit(exercise, answer)) is not None:
        return Report(exercise.id, title, "not yet", findings=(told(trouble, "trouble"),))
    seen = behaviour(exercise, answer)
    if _untouched(answer, seen.outcomes[0]):
        return Report(exercise.id, title, "not attempted", summary=words["not_attempted"])
    return _judged(exercise, seen)


def _unfit(exercise, answer):
    """Return the trouble of an answer that is a function where numbers are asked, or otherwise."""
    if exercise.trial.wants == "number":
        return Trouble("callable", {}) if callable(answer) else None
    if callable(answer):
        return None
    return Trouble("not-callable", {"kind": type(answer).__name__, "id": exercise.id})


def _untouched(answer, first):
    """Say whether the answer is still the stub: it raises, or its body is empty."""
    if first.trouble is None:
        return False
    code = getattr(answer, "__code__", None)
    empty = code is not None and code.co_code == _empty.__code__.co_code
    return first.trouble.id == "not-attempted" or (first.trouble.id == "returns-none" and empty)


def _empty():
    pass


def _judged(exercise, seen):
    whole, findings, failure = explained(exercise, seen.outcomes)
    unwise, faults = _told_apart(exercise, seen.faults, wrong=bool(findings))
    words = read("checker", "report")["report"]
    if faults and whole == words["one"]:
        whole = words["one_and_fault"]
    findings += tuple(told(fault, "fault") for fault in faults)
    return Report(
        exercise.id,
        exercise.texts["title"],
        "not yet" if findings else "passed",
        tried=tuple(exercise.texts["cases"][case.name] for case in exercise.trial.cases),
        findings=findings,
        failure=failure,
        summary=whole if findings else words["passed"],
        remarks=tuple(remarks([*seen.outcomes[0].remarks, *unwise])),
        printed=seen.printed,
    )


def _told_apart(exercise, faults, wrong):
    """Return the faults that earn a remark, and those that are mistakes.

    To change an argument is not wise; where the outputs are wrong, it may be why.
    """
    unwise = [
        fault
        for fault in faults
        if fault.id == "changes-input" and fault.values["argument"] not in exercise.trial.keeps
    ]
    if wrong:
        return [], faults
    return unwise, [fault for fault in faults if fault not in unwise]
