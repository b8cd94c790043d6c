"""What a page runs, in which order, and what it shows: as a notebook would."""

import builtins
import sys

import placeholder
import pytest
import student
from session import Session

WORDS = {"too_much": "too much", "no_input": "no input here"}


@pytest.fixture
def page(monkeypatch, tmp_path):
    """Return a session, and the list of what it told the page."""
    monkeypatch.setenv("BNCOURSE_PROGRESS", str(tmp_path / "progress.json"))
    monkeypatch.setattr(builtins, "input", builtins.input)
    monkeypatch.setattr(placeholder, "stand_in_for", lambda *names: None)
    monkeypatch.setattr(student, "install", lambda: lambda: None)
    for name in ("__main__", "myst_nb"):
        monkeypatch.setitem(sys.modules, name, sys.modules.get(name))
    told = []
    return Session(lambda kind, message: told.append((kind, message)), WORDS, ""), told


def run(page, sources, target, above=False):
    session, told = page
    told.clear()
    cells = [{"id": f"c{n}", "source": source} for n, source in enumerate(sources)]
    plan = session.plan(cells, f"c{target}", above)
    for id in plan:
        if not session.run(id):
            break
    return plan, [m["output"] for kind, m in told if kind == "output"]


def test_cell_runs_with_what_it_needs_and_that_only_once(page):
    sources = ["x = 1", "unrelated = 2", "x + 1"]
    plan, outputs = run(page, sources, 2)
    assert plan == ["c0", "c2"]
    assert outputs == [{"kind": "data", "data": {"text/plain": "2"}}]
    assert run(page, sources, 2)[0] == ["c2"]


def test_changed_cell_runs_again_and_what_rests_on_it(page):
    run(page, ["x = 1", "y = 10 * x", "y"], 2)
    plan, outputs = run(page, ["x = 2", "y = 10 * x", "y"], 2)
    assert plan == ["c0", "c1", "c2"]
    assert outputs[0]["data"]["text/plain"] == "20"


def test_cell_that_rests_on_one_that_ran_again_is_run_again(page):
    sources = ["x = [1]", "y = x + [2]", "y"]
    run(page, sources, 2)
    run(page, sources, 0)
    assert run(page, sources, 2)[0] == ["c1", "c2"]


def test_all_above_runs_in_order(page):
    assert run(page, ["a = 1", "b = 2", "c = 3"], 2, above=True)[0] == ["c0", "c1", "c2"]


def test_first_error_ends_the_plan_and_shows_the_readers_frames_alone(page):
    plan, outputs = run(page, ["def f(x):\n    return 1 / x", "y = f(0)", "y"], 2)
    assert plan == ["c0", "c1", "c2"]
    (error,) = outputs
    assert error["kind"] == "error"
    assert error["text"].splitlines()[1] == '  File "<cell c1>", line 1, in <module>'
    assert "return 1 / x" in error["text"]
    assert "kernel.py" not in error["text"]
    assert error["text"].endswith("ZeroDivisionError: division by zero\n")


def test_failed_cell_runs_again_when_it_is_needed(page):
    sources = ["x = unknown", "x"]
    run(page, sources, 1)
    assert run(page, sources, 1)[0] == ["c0", "c1"]


@pytest.mark.parametrize(
    ("source", "end"),
    [("quit()", "SystemExit: None"), ("input('?')", "EOFError: no input here"), ("1 +", "invalid")],
)
def test_what_would_end_a_kernel_is_an_error_of_the_cell(page, source, end):
    _, outputs = run(page, [source], 0)
    assert end in outputs[-1]["text"]


def test_package_that_cannot_run_here_is_told_apart_from_one_that_is_not_installed(page):
    for name, missing in {"torch": "torch", "no_such_package": None}.items():
        source = f"raise ModuleNotFoundError('it is not there', name={name!r})"
        assert run(page, [source], 0)[1][-1]["missing"] == missing


def test_flood_is_cut_off(page):
    _, outputs = run(page, ["for _ in range(1000): print('x' * 10_000)\n1"], 0)
    assert outputs[0]["text"].endswith("too much\n")
    assert len(outputs[0]["text"]) < 101_000
    assert outputs[1]["data"]["text/plain"] == "1"


def test_value_shows_itself_as_html_and_as_text(page):
    source = "class A:\n    def _repr_html_(self): return '<b>a</b>'\n"
    source += "    def __repr__(self): return 'a'\nA()"
    assert run(page, [source], 0)[1] == [
        {"kind": "data", "data": {"text/plain": "a", "text/html": "<b>a</b>"}}
    ]


def test_semicolon_hides_the_value(page):
    assert run(page, ["1 + 1;"], 0)[1] == []


def test_figures_are_shown_once_and_closed(page):
    source = "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()"
    _, outputs = run(page, [source, "1"], 0)
    assert [list(o["data"]) for o in outputs if o["kind"] == "data"] == [["image/png"]]
    assert run(page, [source, "1"], 1)[1] == [{"kind": "data", "data": {"text/plain": "1"}}]


def test_progress_goes_to_the_page_and_comes_from_it(page):
    session, told = page
    session.write_progress('{"batch-of-two": {"passed": true}}')
    source = "from bncourse.exercises import check\ncheck('batch-of-two', lambda a, b: (0, 0))"
    run(page, [source], 0)
    (text,) = [message["text"] for kind, message in told if kind == "progress"]
    assert '"checks": 1' in text
    assert '"passed": true' in text


def test_large_packages_are_named_when_a_cell_imports_them(page):
    session, _ = page
    sources = {
        "import matplotlib.pyplot as plt": ["matplotlib"],
        "from bncourse.plots import band": ["matplotlib"],
        "from scipy import stats": ["scipy"],
        "import numpy": [],
        "x =": [],
    }
    for source, expected in sources.items():
        session.plan([{"id": "a", "source": source}], "a", False)
        assert session.packages("a") == expected
    session.loaded(["matplotlib"])
    session.plan([{"id": "a", "source": "import matplotlib"}], "a", False)
    assert session.packages("a") == []
