"""The picture of intervals: places, margins, axes and what is read out."""

import re
from dataclasses import asdict
from xml.etree import ElementTree

import pytest

from bncourse.claims.card import Evidence
from bncourse.claims.picture import Axis, picture
from bncourse.statistics import Estimate


def piece(value, low, high, unit="points", margins=(), label="gain"):
    data = asdict(Estimate(value, low, high, 20, unit))
    return Evidence(label, f"{value} {unit}", data, margins)


def rows(*pieces):
    """Return the rows of a picture: words, and SVG as a tree."""
    figure = ElementTree.fromstring(picture(pieces))
    return [(row.find("p").text, row.find("svg")) for row in figure]


def at(value):
    return float(value.removesuffix("%"))


def test_a_row_has_its_interval_with_a_dot():
    (label, svg), (unit, _) = rows(piece(30, 20, 50))
    interval = svg.findall("line")[-1]
    low, high, dot = (at(x) for x in (interval.get("x1"), interval.get("x2"), svg[-1].get("cx")))
    assert (label, unit) == ("gain", "points")
    assert (dot - low) / (high - low) == pytest.approx(1 / 3, abs=0.001)


def test_margins_are_dashed_and_nothing_is_a_thin_line():
    (_, svg), _ = rows(piece(30, 20, 50, margins=(10, 60)))
    nothing, *margins, _ = svg.findall("line")
    assert [line.get("stroke-dasharray") for line in margins] == ["4 3", "4 3"]
    assert nothing.get("stroke-dasharray") is None and at(nothing.get("x1")) == 5
    assert [at(line.get("x1")) for line in margins] == [5 + 90 / 6, 95]


def test_only_what_was_judged_has_a_margin():
    judged, other, _ = rows(piece(3, 2, 4, margins=(1,)), piece(3, 2, 4))
    assert len(judged[1].findall("line")) == len(other[1].findall("line")) + 1


def test_only_like_is_drawn_with_like():
    made = rows(piece(3, 2, 4), piece(2, 1, 4, "times"), piece(5, 4, 6, label="cost"))
    assert [words for words, _ in made] == ["gain", "cost", "points", "gain", "times"]


def test_ratios_have_a_logarithmic_axis_with_nothing_at_one():
    (_, svg), _ = rows(piece(2, 0.5, 8, "times"))
    nothing, interval = svg.findall("line")
    middle = (at(interval.get("x1")) + at(interval.get("x2"))) / 2
    assert at(svg[-1].get("cx")) == pytest.approx(middle, abs=0.01)
    assert at(nothing.get("x1")) == pytest.approx(5 + 90 / 4, abs=0.01)


def test_where_nothing_is_far_away_the_axis_leaves_it_out():
    (_, svg), _ = rows(piece(0.9, 0.88, 0.92, ""))
    assert len(svg.findall("line")) == 1


@pytest.mark.parametrize("value", [0.0, 1.0, 0.1])
@pytest.mark.parametrize("unit", ["", "times"])
def test_estimates_without_width_are_drawn(value, unit):
    (_, svg), _ = rows(piece(value, value, value, unit))
    assert 5 <= at(svg[-1].get("cx")) <= 95


def test_a_row_is_read_out_with_its_margin_and_the_axis_is_not():
    (_, svg), (_, axis) = rows(piece(3, 2, 4, margins=(1.25,)))
    assert svg.get("role") == "img" and svg.get("aria-label") == "3 points; margin 1.25"
    assert axis.get("aria-hidden") == "true"
    assert {text.text for text in axis} == {"0", "1", "2", "3", "4"}


def test_the_ink_is_that_of_the_page():
    made = picture([piece(3, 2, 4, margins=(1,))])
    assert set(re.findall(r'(?:stroke|fill)="([^"]*)"', made)) == {"currentColor"}
    assert "script" not in made and " id=" not in made


def test_labels_are_no_markup():
    assert "<p>a &lt; b</p>" in picture([piece(3, 2, 4, label="a < b")])


def test_without_estimates_there_is_no_picture():
    assert picture([Evidence("n", "3", 3)]) == ""


@pytest.mark.parametrize(
    ("axis", "expected"),
    [
        (Axis(0, 0.93), [0, 0.2, 0.4, 0.6, 0.8]),
        (Axis(-5, 54), [0, 20, 40]),
        (Axis(0.63, 1, log=True), [0.7, 0.8, 0.9, 1]),
        (Axis(0.4, 30, log=True), [1, 10]),
        (Axis(0.5, 8, log=True), [0.5, 1, 2, 5]),
        (Axis(1e-17, 1, log=True), [1e-15, 1e-12, 1e-9, 1e-6, 1e-3, 1]),
    ],
)
def test_ticks_are_round_numbers(axis, expected):
    assert axis.ticks() == pytest.approx(expected)
