"""Figures that the chapters share."""

import matplotlib.style
import numpy as np
import pytest
from matplotlib.figure import Figure

from bncourse.plots import band

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
