"""Formulas as SVG text."""

import re
from xml.etree import ElementTree

import pytest

from bncourse.drawings.formula import spans


def parsed(text, size=20):
    return ElementTree.fromstring(f"<text>{spans(text, size)}</text>")


@pytest.mark.parametrize(
    ("formula", "italic"),
    [("mean(g) / N", ["g", "N"]), ("γ x + β", ["γ", "x", "β"]), ("−Σ d/s²", ["d", "s"])],
)
def test_letters_that_stand_alone_are_italic(formula, italic):
    root = parsed(formula)
    assert [span.text for span in root if span.get("font-style") == "italic"] == italic
    assert "".join(root.itertext()) == formula


def test_what_is_raised_or_lowered_is_smaller_and_the_rest_returns_to_the_line():
    root = parsed("x_1^2 + μ_{run}, y")
    shifts = [float(span.get("dy", 0)) for span in root]
    small = [span.text for span in root if span.get("font-size")]
    assert small == ["1", "2", "run"]
    assert sum(shifts) == pytest.approx(0) and shifts[1] > 0 > shifts[2]


def test_a_hat_stands_back_over_its_letter():
    letter, hat, rest = parsed("x̂ + y")[:3]
    assert (letter.text, hat.text) == ("x", "ˆ")
    assert float(hat.get("dx")) < 0 < float(rest.get("dx"))
    assert hat.get("font-style") is None


def test_signs_of_markup_are_escaped():
    assert "".join(parsed("a < b & c").itertext()) == "a < b & c"
    assert not re.search("<[^t/]", spans("a < b", 20))
