"""The stale-figure check sees a change that a reader would see, and no other."""

import base64
import io

import matplotlib
import numpy as np
import pytest
from figures import TOLERANCE, decode, difference, stale_figures
from matplotlib.figure import Figure

matplotlib.use("agg")
STEPS = np.arange(60)
CURVE = np.exp(-STEPS / 20)


def draw(title="loss", color="C0", curve=CURVE, marker=None, width=6.0):
    figure = Figure(figsize=(width, 3), dpi=120)
    axes = figure.subplots()
    axes.plot(STEPS, curve, color=color)
    if marker is not None:
        axes.plot(*marker, "o", color="black")
    axes.set_title(title)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    return base64.b64encode(buffer.getvalue()).decode()


def outputs(*pngs):
    return [{"output_type": "display_data", "data": {"image/png": png}} for png in pngs]


def test_same_figure_passes():
    assert stale_figures(outputs(draw()), outputs(draw())) == []


def test_rounding_noise_in_a_curve_passes():
    noisy = CURVE * (1 + 1e-5 * np.random.default_rng(0).standard_normal(CURVE.size))
    assert stale_figures(outputs(draw()), outputs(draw(curve=noisy))) == []


@pytest.mark.parametrize(
    "change",
    [
        {"title": "accuracy"},
        {"title": "loan"},
        {"color": "C1"},
        {"curve": CURVE[::-1]},
        {"curve": CURVE + 0.02},
        {"marker": (30, 0.6)},
        {"width": 7.0},
    ],
    ids=lambda change: next(iter(change)),
)
def test_visible_change_is_reported(change):
    stored, fresh = draw(), draw(**change)
    assert difference(decode(stored), decode(fresh)) > TOLERANCE
    (message,) = stale_figures(outputs(stored), outputs(fresh))
    assert "make notebooks" in message


def test_missing_figure_is_reported():
    (message,) = stale_figures(outputs(draw()), outputs())
    assert message.startswith("1 figures are stored, 0 are drawn")
