"""Answers that are hostile without meaning it: each gets a plain sentence, and the kernel lives."""

import json
import os
import re
import subprocess
import sys
import threading
import warnings
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import bncourse
from bncourse import checker
from bncourse.checker.comparing import close
from bncourse.exercises import check
from bncourse.exercises.catalogue import exercise, texts_of

try:
    import torch
except ModuleNotFoundError:  # `make check` has none, and compares with nothing
    torch = None

needs_torch = pytest.mark.skipif(torch is None, reason="PyTorch is not installed")

ID = "batch-norm-forward"


def right(x, gamma, beta, eps=1e-5):
    return gamma * (x - x.mean(0)) / np.sqrt(x.var(0) + eps) + beta


def raises_index_error(x, gamma, beta, eps=1e-5):
    return x[100]


def misses_an_argument(x, gamma):
    return x


def returns_nothing(x, gamma, beta, eps=1e-5):
    right(x, gamma, beta, eps)


def quits(x, gamma, beta, eps=1e-5):
    sys.exit()


def recursion(x, gamma, beta, eps=1e-5):
    return recursion(x, gamma, beta, eps)


def not_implemented_later(x, gamma, beta, eps=1e-5):
    if len(x) == 1:
        raise NotImplementedError
    return right(x, gamma, beta, eps)


class StdinNotImplementedError(NotImplementedError):
    """What a notebook raises where nobody can answer."""


def asks(x, gamma, beta, eps=1e-5):
    raise StdinNotImplementedError("nobody is there to answer input()")


TROUBLES = [
    (asks, "raises-at", "nobody is there to answer"),
    (raises_index_error, "raises-at", r"Line \d+ of your code, `return x\[100\]`, raised IndexErr"),
    (misses_an_argument, "raises", "takes 2 positional arguments but 3 were given"),
    (returns_nothing, "returns-none", "`return` and the result"),
    (quits, "quits", "`quit` or `exit`"),
    (recursion, "raises-at", "RecursionError"),
    (not_implemented_later, "not-attempted", "on a later input"),
    pytest.param(
        *(lambda *args: torch.tensor(right(*args)), "returns-tensor", "tensor of PyTorch for y"),
        marks=needs_torch,
    ),
    (lambda *args: (1, 2, 3), "shape", r"the shape \(3,\) where"),
    (lambda *args: {"z": 1}, "lacks-output", "no entry y; it has z"),
    (lambda *args: "words", "not-numbers", "of the type `str`"),
    (lambda *args: right(*args).astype(complex), "not-numbers", "ndarray"),
    (lambda *args: right(*args)[:, :1], "shape", r"the shape \(4, 1\) where \(4, 2\)"),
    (lambda *args: right(*args).astype(int), "whole-numbers", "fractions are cut off"),
    (lambda *args: right(*args).astype(np.float16), "imprecise", "not as precise"),
    (lambda *args: right(*args) * np.nan, "finite", "infinite or not a number"),
    (lambda *args: -right(*args), "opposite", "opposite sign"),
    (3, "not-callable", "of the type `int`"),
]


@pytest.mark.parametrize(("answer", "id", "words"), TROUBLES)
def test_trouble_is_told_in_a_plain_sentence(answer, id, words):
    report = check(ID, answer)
    assert report.verdict == "not yet"
    assert report.mistakes == (id,), report
    assert re.search(words, str(report))


def test_a_right_answer_that_changes_its_input_earns_a_remark():
    def in_place(x, gamma, beta, eps=1e-5):
        x -= x.mean(0)
        return gamma * x / np.sqrt(x.var(0) + eps) + beta

    report = check(ID, in_place)
    assert report.passed
    assert "changes what it was given (x)" in str(report)


def test_a_change_of_the_input_is_a_mistake_where_the_statement_forbids_it():
    task = exercise(ID)
    forbids = replace(task, trial=replace(task.trial, keeps=("x",)))

    def in_place(x, gamma, beta, eps=1e-5):
        x -= x.mean(0)
        return gamma * x / np.sqrt(x.var(0) + eps) + beta

    assert checker.check(forbids, in_place).mistakes == ("changes-input",)


def test_a_list_of_right_numbers_earns_a_remark():
    report = check(ID, lambda *args: right(*args).tolist())
    assert report.passed
    assert "finds another type (y: `list`)" in str(report)


def test_what_is_kept_from_call_to_call_is_a_mistake():
    calls = []

    def counts(x, gamma, beta, eps=1e-5):
        calls.append(x)
        return right(x, gamma, beta, eps) * (
            1 if len(calls) <= len(exercise(ID).trial.cases) else 2
        )

    assert check(ID, counts).mistakes == ("keeps-state",)


def test_rounding_that_differs_from_call_to_call_is_no_mistake():
    calls = []

    def wavering(x, gamma, beta, eps=1e-5):
        calls.append(x)
        return right(x, gamma, beta, eps) * (1 + 1e-15 * len(calls))

    assert check(ID, wavering).passed


def test_numbers_too_large_to_subtract_are_compared():
    huge = np.array([1.7e308])
    assert not close(-huge, huge, 1e-7)
    assert close(huge, huge, 1e-7)


def test_a_result_that_shares_memory_with_the_input_is_remarked():
    def aliasing(x, gamma, beta, eps=1e-5):
        x[...] = right(x, gamma, beta, eps)
        return x

    assert "shares its memory with what was given (y: x)" in str(check(ID, aliasing))


def hasty():
    """Return the exercise with less patience."""
    task = exercise(ID)
    return replace(task, trial=replace(task.trial, seconds=0.2))


@pytest.mark.parametrize("sleep", [False, True], ids=["busy", "asleep"])
def test_an_endless_answer_is_stopped(sleep):
    awake = threading.Event()

    def endless(x, gamma, beta, eps=1e-5):
        while not awake.is_set():
            if sleep:
                awake.wait(60)

    report = checker.check(hasty(), endless)
    awake.set()
    assert report.mistakes == ("slow",)
    assert "still running after 0.2 seconds" in str(report)


def test_a_check_works_where_no_thread_can_be_started(monkeypatch):
    def refuse(self):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    assert check(ID, right).passed


def test_what_is_printed_is_shown_and_not_lost(capsys):
    def talkative(x, gamma, beta, eps=1e-5):
        print("the shape is", x.shape)
        return right(x, gamma, beta, eps)

    report = check(ID, talkative)
    assert report.passed
    assert "the shape is (4, 2)" in report.printed
    assert capsys.readouterr().out == ""


def test_warnings_of_an_answer_are_kept_quiet():
    def warns(x, gamma, beta, eps=1e-5):
        warnings.warn("look out", stacklevel=1)
        return right(x, gamma, beta, eps)

    assert check(ID, warns).passed


def test_an_empty_function_is_not_attempted_yet():
    def empty(x, gamma, beta, eps=1e-5): ...

    assert check(ID, empty).verdict == "not attempted"


@pytest.mark.parametrize("answer", [None, ...])
def test_no_answer_is_not_attempted_yet(answer):
    assert check("batch-of-two", answer).verdict == "not attempted"


def test_a_function_where_numbers_are_asked_is_told():
    assert check("batch-of-two", right).mistakes == ("callable",)


def test_an_unknown_exercise_is_told_with_those_that_are_spelled_alike():
    with pytest.raises(ValueError, match="no exercise 'batch-norm-foward'.*batch-norm-forward"):
        check("batch-norm-foward", right)


def test_a_report_is_plain_data_for_programs():
    report = check(ID, lambda x, gamma, beta, eps=1e-5: gamma * x + beta)
    data = json.loads(json.dumps(report.to_dict()))
    assert not data["passed"]
    assert data["mistakes"] == list(report.mistakes) != []
    assert data["failure"]["case"] in texts_of(ID)["cases"].values()


def test_a_report_as_html_escapes_what_the_learner_wrote():
    def marked_up(x, gamma, beta, eps=1e-5):
        print("<script>")
        raise ValueError("<b>")

    html = check(ID, marked_up).html()
    assert "<script>" not in html
    assert "<b>" not in html


def test_an_answer_that_catches_everything_is_stopped_all_the_same():
    threads = set(threading.enumerate())

    def stubborn(x, gamma, beta, eps=1e-5):
        while True:
            try:
                while True:
                    pass
            except:  # noqa: E722
                pass

    assert checker.check(hasty(), stubborn).mistakes == ("slow",)
    for thread in set(threading.enumerate()) - threads:
        thread.join(10)
        assert not thread.is_alive()


@needs_torch
@pytest.mark.parametrize("around", ["no_grad", "inference_mode"])
def test_what_is_switched_off_around_a_check_changes_nothing(around):
    task = exercise("lab-no-grad")
    fresh = replace(task)  # nothing computed yet
    with getattr(torch, around)():
        report = checker.check(fresh, fresh.answer())
    assert report.passed, report


@needs_torch
def test_the_kind_of_numbers_that_a_notebook_prefers_changes_nothing():
    task = exercise("lab-no-grad")
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert checker.check(replace(task), task.answer()).passed
    torch.set_default_dtype(torch.float64)
    try:
        assert checker.check(replace(task), task.answer()).passed
    finally:
        torch.set_default_dtype(torch.float32)


def test_a_flood_of_output_is_cut_off():
    def floods(x, gamma, beta, eps=1e-5):
        print("a" * 10_000_000)
        return right(x, gamma, beta, eps)

    assert len(check(ID, floods).html()) < 10_000


def test_figures_of_an_answer_are_not_left_open():
    pyplot = pytest.importorskip("matplotlib.pyplot")

    def plots(x, gamma, beta, eps=1e-5):
        pyplot.figure()
        pyplot.show()
        return right(x, gamma, beta, eps)

    assert check(ID, plots).passed
    assert pyplot.get_fignums() == []


class BrokenError(Exception):
    def __str__(self):
        raise ValueError("broken")


@pytest.mark.parametrize("error", [BrokenError(), KeyboardInterrupt(), GeneratorExit()])
def test_whatever_an_answer_raises_is_told(error):
    def raises(x, gamma, beta, eps=1e-5):
        raise error

    assert check(ID, raises).mistakes == ("raises-at",)


def test_a_report_can_be_printed_where_there_are_few_letters(tmp_path):
    program = (
        "from bncourse.exercises import check, hint, progress, quiz\n"
        f"print(check({ID!r}, lambda x, gamma, beta, eps=1e-5: x), hint('folding'), progress())\n"
        "print(quiz('forward-pass'))"
    )
    environment = os.environ | {"PYTHONIOENCODING": "ascii", "HOME": str(tmp_path)}
    root = Path(bncourse.__file__).parents[1]
    result = subprocess.run([sys.executable, "-c", program], env=environment, cwd=root)
    assert result.returncode == 0


@pytest.mark.parametrize(
    ("answer", "id", "words"),
    [
        (lambda x, gamma, beta, eps=1e-3: right(x, gamma, beta, eps), "another-default", "0.001"),
        (lambda x, gamma, beta, eps: right(x, gamma, beta, eps), "no-default", "has no default"),
    ],
)
def test_another_default_than_that_of_the_stub_is_told_and_spoils_no_number(answer, id, words):
    report = check(ID, answer)
    assert report.mistakes == (id,)
    assert words in report.findings[0].says
    assert report.failure is None


def test_a_mistake_beside_another_default_is_still_named():
    def wrong(x, gamma, beta, eps=1e-3):
        return gamma * (x - x.mean(0)) / (x.std(0) + eps) + beta

    assert check(ID, wrong).mistakes == ("eps-outside-root", "another-default")
