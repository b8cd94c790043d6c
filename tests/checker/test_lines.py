"""A line of a solution, written wrongly: it finds its place, or the error says why it has none."""

import ast

import pytest

from bncourse.checker.lines import changes, rewritten

SOLUTION = """
import numpy as np

def my_norm(x, gamma, beta, eps=1e-5):
    mean = x.mean(0)
    total = 0
    for row in x:
        d = row - mean
        total = total + d**2
    std = np.sqrt(total / len(x) + eps)
    return gamma * (x - mean) / std + beta
"""
MODULE = """
import layers as nn

class MyNorm(nn.Module):
    def __init__(self, n):
        self.gamma = n
        self.beta = n

    def forward(self, x):
        mean = x.mean(0)
        if self.training:
            self.update(x)
        return x - mean

    def update(self, x):
        mean = x.mean(0)
        self.average.copy_(mean)
"""
NUMBERS = """
import math

n = 64
my_numbers = (n, math.sqrt(n))
"""


def written(source, line, **place):
    tree = ast.parse(source)
    return ast.unparse(rewritten(tree, changes(tree, line, **place)))


def differing(source, fresh):
    """Return the lines that are gone, and those that are new."""
    before, after = ast.unparse(ast.parse(source)).splitlines(), fresh.splitlines()
    gone = [line.strip() for line in before if line not in after]
    return gone, [line.strip() for line in after if line not in before]


@pytest.mark.parametrize(
    ("line", "gone", "new"),
    [
        ("mean = x.mean(1)", ["mean = x.mean(0)"], ["mean = x.mean(1)"]),
        ("d = row", ["d = row - mean"], ["d = row"]),
        ("return x", ["return gamma * (x - mean) / std + beta"], ["return x"]),
        ("for row in x[1:]:", ["for row in x:"], ["for row in x[1:]:"]),
        ("eps = 1e-5", [], ["eps = 1e-05"]),
        ("gamma, beta = beta, gamma", [], ["gamma, beta = (beta, gamma)"]),
    ],
)
def test_a_line_stands_where_the_same_name_is_set(line, gone, new):
    assert differing(SOLUTION, written(SOLUTION, line)) == (gone, new)


def test_a_name_that_is_set_nowhere_stands_first():
    lines = written(SOLUTION, "eps = 1").splitlines()
    assert lines[lines.index("    eps = 1") - 1].startswith("def my_norm")
    lines = written(NUMBERS, "half = n").splitlines()
    assert lines.index("half = n") == lines.index("n = 64") - 1


def test_several_lines_go_each_to_its_own_place():
    fresh = written(SOLUTION, "mean = 0\nreturn x")
    assert differing(SOLUTION, fresh)[1] == ["mean = 0", "return x"]


def test_a_loop_with_its_body_is_replaced_as_a_whole():
    fresh = written(SOLUTION, "for row in x:\n    total = 1")
    assert "d = row - mean" not in fresh
    assert "total = 1" in fresh


def test_a_function_with_its_body_is_replaced_as_a_whole():
    fresh = written(SOLUTION, "def my_norm(x, *rest):\n    return x")
    assert "std" not in fresh


def test_the_head_of_a_loop_keeps_what_changes_in_its_body():
    tree = ast.parse(SOLUTION)
    both = changes(tree, "for row in x[1:]:") + changes(tree, "d = row")
    fresh = ast.unparse(rewritten(tree, both))
    assert "for row in x[1:]:\n        d = row\n" in fresh


def test_a_method_is_named_where_a_name_is_set_in_two():
    with pytest.raises(ValueError, match="2 times the line for 'mean'"):
        written(MODULE, "mean = 0")
    fresh = written(MODULE, "mean = 0", inside="forward")
    assert fresh.index("mean = 0") < fresh.index("mean = x.mean(0)")


def test_a_line_can_stand_instead_of_another_one():
    fresh = written(MODULE, "if not self.training:", instead_of="if self.training:")
    assert "if not self.training:\n            self.update(x)" in fresh
    fresh = written(MODULE, "pass", instead_of="if self.training:")
    assert "self.update(x)" not in fresh
    with pytest.raises(ValueError, match="0 times the line 'if self.eval:'"):
        written(MODULE, "pass", instead_of="if self.eval:")


def test_a_call_stands_where_the_same_function_is_called():
    assert "self.average.copy_(0)" in written(MODULE, "self.average.copy_(0)")


def test_a_function_that_is_not_there_is_told():
    with pytest.raises(ValueError, match="0 times the function 'backward'"):
        written(MODULE, "mean = 0", inside="backward")


@pytest.mark.parametrize(
    ("one", "other", "overlap"),
    [
        ("mean = 0", "d = row", False),
        ("mean = 0", "mean = 1", True),
        ("for row in x[1:]:", "d = row", False),
        ("for row in x:\n    pass", "d = row", True),
        ("def my_norm(x):\n    pass", "mean = 0", True),
        ("eps = 1", "eps = 2", True),
        ("eps = 1", "gamma = 2", False),
        ("eps = 1", "mean = 0", False),
    ],
)
def test_two_lines_go_together_unless_they_have_the_same_place(one, other, overlap):
    tree = ast.parse(SOLUTION)
    (a,), (b,) = changes(tree, one), changes(tree, other)
    assert a.place.overlaps(b.place) == b.place.overlaps(a.place) == overlap
    if not overlap:
        fresh = ast.unparse(rewritten(tree, [a, b]))
        assert ast.unparse(ast.parse(other.rstrip(":"))) in fresh or other.endswith(":")
