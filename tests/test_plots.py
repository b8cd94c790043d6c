"""Figures that the chapters share."""

from itertools import pairwise

import matplotlib.style
import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.text import Text

from bncourse.plots import band, label_lines, legible, moved_apart

RUNS = np.array([[1.0, 5.0, 2.0], [3.0, 4.0, 9.0], [2.0, 6.0, 4.0]])


@pytest.fixture
def axes():
    return Figure().subplots()


def test_band_draws_the_median_of_the_runs(axes):
    line = band(axes, [10, 20, 30], RUNS, "three runs")
    assert line.get_label() == "three runs"
    np.testing.assert_array_equal(line.get_xdata(), [10, 20, 30])
    np.testing.assert_array_equal(line.get_ydata(), [2, 5, 4])


def test_band_spans_the_extremes_of_the_runs(axes):
    band(axes, [10, 20, 30], RUNS, "three runs")
    (area,) = axes.collections
    corners = {tuple(corner) for corner in area.get_paths()[0].vertices}
    assert {(10, 1), (10, 3), (20, 4), (20, 6), (30, 2), (30, 9)} <= corners


def test_band_leaves_a_gap_at_a_nan(axes):
    runs = RUNS.copy()
    runs[1, 1] = np.nan
    line = band(axes, [10, 20, 30], runs, "three runs")
    np.testing.assert_array_equal(np.isnan(line.get_ydata()), [False, True, False])


@pytest.mark.parametrize("runs", [RUNS[0], RUNS[:, :2]], ids=["one row", "too short"])
def test_band_rejects_runs_that_do_not_fit(axes, runs):
    with pytest.raises(
        ValueError, match=r"runs has shape .*one row a run and one column a position"
    ):
        band(axes, [10, 20, 30], runs, "wrong")


def test_style_is_found_by_its_name_in_the_package():
    with matplotlib.style.context("bncourse.course"):
        assert matplotlib.rcParams["axes.grid"]


@pytest.fixture
def crowd():
    """Lines that all end close together, drawn in another order than that of their ends."""
    with matplotlib.style.context("bncourse.course"):
        axes = Figure().subplots()
    for end in (1.01, 1.0, 3.0, 1.02):
        axes.plot([0, 1, 2], [0, 1, end], label=f"ends at {end}")
    axes.plot([0, 2], [0, 0])  # without a label
    return axes


def boxes(labels):
    labels[0].figure.draw_without_rendering()
    return [Text.get_window_extent(label) for label in labels]


def test_each_line_with_a_label_is_labelled_from_the_lowest_end_to_the_highest(crowd):
    names = [label.get_text() for label in label_lines(crowd)]
    assert names == ["ends at 1.0", "ends at 1.01", "ends at 1.02", "ends at 3.0"]


def test_labels_do_not_overlap_and_keep_the_order_of_the_lines(crowd):
    for lower, upper in pairwise(boxes(label_lines(crowd))):
        assert lower.y1 <= upper.y0 + 0.01


def test_labels_stand_beside_the_ends_and_within_the_figure(crowd):
    found = boxes(label_lines(crowd))
    ends = crowd.transData.transform([(2, end) for end in (1.0, 1.01, 1.02, 3.0)])
    for box, (x, y) in zip(found, ends, strict=True):
        assert x < box.x0 < x + 20
        assert box.x1 <= crowd.figure.bbox.x1
        assert abs((box.y0 + box.y1) / 2 - y) < 1.5 * box.height
    alone, (_, y) = found[-1], ends[-1]
    assert (alone.y0 + alone.y1) / 2 == pytest.approx(y, abs=1)


def test_a_leader_shows_only_where_a_label_was_moved(crowd):
    shown = [label.arrow_patch.get_visible() for label in label_lines(crowd)]
    assert shown == [True, False, True, False]


def test_a_label_has_the_colour_of_its_line(crowd):
    colours = {line.get_label(): line.get_color() for line in crowd.lines}
    for label in label_lines(crowd):
        assert label.get_color() == legible(colours[label.get_text()])


def test_a_line_that_leaves_the_view_is_labelled_where_it_does(axes):
    axes.plot([0, 1, 2, np.nan], [0, 1, 50, 3], label="steep")
    axes.plot([0, 1], [1, 1], label="short")
    axes.set(xlim=(0, 2), ylim=(0, 2))
    short, steep = label_lines(axes)
    assert (short.xy, steep.xy) == (pytest.approx((1, 1)), pytest.approx((2, 2)))
    assert short.arrow_patch.get_visible()


def test_lines_in_a_part_of_a_figure_are_labelled_as_in_a_whole_one(axes):
    part = Figure().subfigures().subplots()
    for where in (axes, part):
        where.plot([0, 1], [0, 1], label="rising")
        where.plot([0, 1], [1, 0.99], label="falling")
    whole, parted = ([label.get_position() for label in label_lines(a)] for a in (axes, part))
    assert parted == [pytest.approx(position) for position in whole]


def test_label_lines_rejects_axes_without_labelled_lines(axes):
    axes.plot([0, 1], [0, 1])
    with pytest.raises(ValueError, match=r"no line of the axes has a label: give one"):
        label_lines(axes)


def test_label_lines_rejects_a_line_out_of_view(axes):
    axes.plot([5, 6], [0, 1], label="far")
    axes.set_xlim(0, 1)
    with pytest.raises(ValueError, match=r"'far' has no point in view: change the limits of x"):
        label_lines(axes)


def test_boxes_are_moved_apart_by_as_little_as_possible():
    wanted, heights = np.array([0.0, 0.5, 9.0, 9.0]), np.array([1.0, 1, 2, 4])
    found = moved_apart(wanted, heights)
    np.testing.assert_allclose(found, [-0.25, 0.75, 7.5, 10.5])
    np.testing.assert_array_equal(moved_apart(wanted * 9, heights / 9)[:2], [0, 4.5])


def contrast_with_white(color):
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(color)
    )
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def test_every_colour_of_the_style_is_legible_as_text():
    with matplotlib.style.context("bncourse.course"):
        colours = matplotlib.rcParams["axes.prop_cycle"].by_key()["color"]
    colours = [f"#{colour.lstrip('#')}" for colour in colours]
    assert min(contrast_with_white(colour) for colour in colours) < 4.5
    assert all(contrast_with_white(legible(colour)) >= 4.5 for colour in colours)


@pytest.mark.parametrize("colour", ["black", "#0072B2", (0.01, 0.02, 0.3)])
def test_a_colour_that_is_legible_stays_as_it_is(colour):
    np.testing.assert_allclose(legible(colour), to_rgb(colour), atol=1e-12)
