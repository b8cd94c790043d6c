"""How a replication compares with what is stored: verdicts by fate, values as two samples."""

import re
import shlex
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output
from replicate import asked, compare, estimates, failing_line, judged, report, standard_error
from results import chapters, keys

WEEKLY = Path(__file__).parents[2] / ".github" / "workflows" / "weekly.yml"
HALF = 2.093024  # of an interval of twenty seeds with the standard error 1


def evidence(value, half=HALF):
    return {
        "gain": {
            "value": value,
            "low": value - half,
            "high": value + half,
            "seeds": 20,
            "unit": "points",
            "confidence": 0.95,
        },
        "an exact fact": "yes",
    }


def claim(stated="holds", measured="holds", distance=5.0, value=10.0):
    return {
        "id": "own.demo",
        "cases": {"": {"stated": stated, "measured": measured}},
        "distances": {"": distance},
        "evidence": evidence(value),
    }


@pytest.mark.parametrize(
    ("stated", "measured", "distance", "fate"),
    [
        ("holds", "holds", 5.0, "stands"),
        ("does not hold", "does not hold", -5.0, "stands"),
        ("open", "open", 1.0, "stands"),
        ("holds", "open", 2.0, "weaker"),
        ("does not hold", "open", -2.0, "weaker"),
        ("holds", "open", -1.0, "changed"),
        ("does not hold", "open", 1.0, "changed"),
        ("holds", "does not hold", -5.0, "changed"),
        ("open", "holds", 4.0, "decided"),
        ("holds", "does not hold", None, "changed"),
    ],
)
def test_fate_of_a_verdict(stated, measured, distance, fate):
    assert list(judged(claim(stated, measured, distance))) == [("", fate, distance)]


def test_standard_error_is_read_off_the_interval():
    assert standard_error(evidence(3.0)["gain"]) == pytest.approx(1, rel=1e-5)


def test_only_estimates_are_compared():
    assert list(estimates(evidence(1.0))) == ["gain"]


@pytest.mark.parametrize(
    ("moved", "inside", "differs"),
    [(1.0, True, False), (3.0, False, False), (8.0, False, True)],
)
def test_values_are_compared_as_two_measurements_of_one_quantity(moved, inside, differs):
    fresh = {"own.demo": claim(value=10 + moved)}
    (row,) = compare({"own.demo": evidence(10.0)}, fresh, numbers=100)
    assert row[4:] == (inside, differs)


def test_report_tells_what_changed_and_what_was_not_reached(capsys):
    stored = {"own.demo": evidence(10.0), "own.lost": evidence(1.0)}
    fresh = {"own.demo": claim(measured="does not hold", distance=-4.0, value=0.0)}
    changed, rows = report(stored, fresh, ["chapter: ValueError: no"], total=1)
    assert changed == ["own.lost (not reached)", "own.demo "]
    assert [row[4] for row in rows] == [False]
    out = capsys.readouterr().out
    assert "DIFFERS" in out
    assert "ERROR: chapter: ValueError: no" in out


def test_keys_are_read_from_the_outputs():
    text = "stored result 0a1b2c3d4e5f: 2 configurations, 20 seeds\nrates: 0.1\n"
    cells = [
        new_code_cell("run()", outputs=[new_output("stream", name="stdout", text=text)]),
        new_code_cell("1"),
        nbformat.v4.new_markdown_cell("stored result 000000000000: 1"),
    ]
    assert keys(new_notebook(cells=cells)) == {"0a1b2c3d4e5f"}


def test_the_weekly_run_asks_for_a_variation_that_exists():
    (command,) = re.findall(r"- run: (make replicate .*)", WEEKLY.read_text("utf-8"))
    _, _, words = shlex.split(command)
    paths, variations = asked(shlex.split(words.removeprefix("REPLICATE=")))
    assert variations == ["seeds + 1000"]
    assert sorted(paths) == sorted(chapters())


def test_an_unknown_variation_is_refused_with_those_that_exist(capsys):
    with pytest.raises(SystemExit):
        asked(["--only", "jitter 7"])
    assert "jitter 3" in capsys.readouterr().err


def test_the_line_that_failed_is_told():
    frames = [
        "Traceback",
        "\x1b[31mCell\x1b[39m In[3]\n      1 x = 1\n\x1b[32m----> 2 assert x > 1\x1b[39m",
    ]
    output = new_output("error", ename="AssertionError", evalue="", traceback=frames)
    assert failing_line(output) == "----> 2 assert x > 1"
