"""The circle: its numbers, and how it is moved."""

import inspect
import re
import sys

import numpy as np
import pytest

from bncourse import scratch
from bncourse.drawings.circle import steps

circle_module = sys.modules["bncourse.drawings.circle"]  # the package has a function of that name


def close(found, expected):
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9)


def drawn_steps(state):
    """Return what the static drawing shows, and the gradient for x."""
    points = steps(state["x"], state["g"])
    _, cache = scratch.batch_norm(np.array(state["x"])[:, None], eps=0.0)
    dx, *_ = scratch.batch_norm_backward(np.array(state["g"])[:, None], cache)
    return points, cache.moments, dx[:, 0]


def test_circle_computes_what_the_drawing_computes(benches):
    bench, rng = benches("circle"), np.random.default_rng(0)
    for _ in range(12):
        given = {"x": list(rng.normal(1, 2, 3)), "g": list(rng.normal(1, 1, 3)), "turn": 0}
        found = bench.model(given)
        points, moments, dx = drawn_steps(given)
        for ours, theirs in (("d", "d"), ("hat", "x_hat"), ("level", "level"), ("left", "left")):
            close(found[ours], points[theirs])
        close([found["mean"], found["s"] ** 2], [moments.mean[0], moments.var[0]])
        close(found["dx"], dx)
        removed = [points["g"] - points["level"], points["level"] - points["left"]]
        squares = [part @ part for part in (*removed, points["left"])]
        close(found["shares"], squares / (points["g"] @ points["g"]))


def test_circle_sees_the_space_as_the_drawing_does(benches):
    found = benches("circle").evaluate("explorables.circle.directions(-80)")
    close([found[name] for name in ("right", "behind", "ones")], circle_module._directions())


def test_circle_starts_as_the_drawing(benches):
    drawn = inspect.signature(circle_module.circle).parameters
    start = benches("circle").state
    assert (tuple(start["x"]), tuple(start["g"])) == (drawn["x"].default, drawn["g"].default)


def test_circle_puts_its_points_where_the_drawing_has_them(benches):
    drawn = re.findall(r'<circle cx="(\S+)" cy="(\S+)" r="5"', circle_module.circle().svg())
    found = benches("circle").evaluate(
        "[...stage.svg.querySelectorAll('circle[r=\"5\"]')]"
        ".map(c => [c.cx, c.cy].map(length => length.baseVal.value))"
    )
    for view in (slice(0, 3), slice(3, 5)):  # x, d and x̂ from the side; d and x̂ from above
        ours, theirs = (np.array(points[view], float) for points in (found, drawn))
        np.testing.assert_allclose(
            np.diff(ours, axis=0) / 50, np.diff(theirs, axis=0) / 54, atol=0.01
        )


def test_circle_marks_the_right_angle_of_what_is_left(benches):
    outlines = benches("circle").evaluate(
        "[...stage.svg.querySelectorAll('path[stroke-width=\"1\"]')].map(p => p.getAttribute('d'))"
    )
    corners = [np.array(re.findall(r"(-?[\d.]+),(-?[\d.]+)", d), float) for d in outlines]
    (corner,) = [places for places in corners if len(places) == 3]
    first, second = np.diff(corner, axis=0)
    assert abs(first @ second) < 0.01 * np.linalg.norm(first) * np.linalg.norm(second)


def test_circle_lifts_x_without_moving_its_shadow(benches):
    bench = benches("circle")
    before = bench.numbers
    bench.drag("x, from the side: to the right, and along (1, 1, 1)", 0, -40)
    after = bench.numbers
    assert after["mean"] > before["mean"] + 0.3
    close(after["d"], before["d"])


def test_circle_moves_g_in_the_plane_and_leaves_its_mean(benches):
    bench = benches("circle")
    before = np.array(bench.state["g"])
    bench.drag("gradient g, seen along (1, 1, 1): in the plane", -60, -30)
    moved = np.array(bench.state["g"]) - before
    assert np.linalg.norm(moved) > 1
    assert moved.sum() == pytest.approx(0, abs=1e-9)


def test_circle_moves_both_ways_by_keys(benches):
    bench = benches("circle")
    right, behind, _ = (np.array(d) for d in circle_module._directions())
    for key, direction in {"ArrowRight": right, "ArrowDown": -behind}.items():
        before = np.array(bench.state["x"])
        bench.keys("x, seen along (1, 1, 1): in the plane", key)
        close(np.array(bench.state["x"]) - before, 0.05 * direction)


def test_circle_keeps_x_off_its_axis_and_g_within_reach(benches):
    bench = benches("circle")
    bench.drag("x, seen along (1, 1, 1): in the plane", 400, 200)
    assert np.linalg.norm(bench.numbers["d"]) == pytest.approx(2.5)
    bench.drag("gradient g, seen along (1, 1, 1): in the plane", -400, 0)
    assert np.linalg.norm(bench.numbers["level"]) == pytest.approx(1.6)
