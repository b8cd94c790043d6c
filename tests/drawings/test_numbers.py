"""The numbers in the drawings, against oracles that are not the code that drew them."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest

from bncourse import drawings
from bncourse.drawings import backward, pool, residual
from bncourse.drawings.circle import steps
from bncourse.scratch import batch_norm, batch_norm_backward

SVG = "{http://www.w3.org/2000/svg}"


def elements(drawing, kind):
    return [node.attrib for node in ElementTree.fromstring(drawing.svg()).iter(f"{SVG}{kind}")]


def texts(drawing):
    """Return the texts with their places, in the order in which they were drawn."""
    root = ElementTree.fromstring(drawing.svg())
    nodes = root.iter(f"{SVG}text")
    return [("".join(n.itertext()), float(n.get("x")), float(n.get("y"))) for n in nodes]


def from_place_to_number(drawing):
    """Return the straight line through the ticks of a number line."""
    ticks = [
        (x, float(t.replace("−", "-"))) for t, x, _ in texts(drawing) if re.fullmatch("−?\\d+", t)
    ]
    return np.polynomial.Polynomial.fit(*zip(*ticks, strict=True), 1)


def test_the_first_value_and_the_means_are_where_the_equations_put_them():
    x, gamma, beta = np.array([1.0, 4.0, 6.0, 7.0]), 0.5, 3.0
    drawing = drawings.batch_through_batch_norm(x, gamma, beta)
    number = from_place_to_number(drawing)
    firsts = [number(float(dot["cx"])) for dot in elements(drawing, "circle")]
    x_hat = (x - x.mean()) / x.std()
    assert firsts == pytest.approx([1.0, x_hat[0], gamma * x_hat[0] + beta], abs=0.01)
    bands = [(float(b["x"]), float(b["width"])) for b in elements(drawing, "rect")]
    ends = [(number(left), number(left + width)) for left, width in bands]
    expected = [(m - s, m + s) for m, s in ((x.mean(), x.std()), (0, 1), (beta, gamma))]
    np.testing.assert_allclose(ends, expected, atol=0.02)
    assert f"mean {x.mean():.3g}" in drawing.text and f"spread {x.std():.3g}" in drawing.text


def test_the_bars_of_the_chain_shrink_by_its_factor():
    drawing = drawings.network_as_a_chain(4, factor=0.5)
    bars = [float(r["height"]) for r in elements(drawing, "rect") if "stroke" not in r]
    np.testing.assert_allclose(np.divide(bars[:-1], bars[1:]), 0.5, atol=0.01)
    assert [t for t, *_ in texts(drawing)].count("× 0.5") == 3


def test_a_chain_too_long_for_the_sheet_is_refused():
    with pytest.raises(ValueError, match="room for 1 to 6 layers, got 7"):
        drawings.network_as_a_chain(7)


def test_the_chain_shows_the_steepest_slope_of_a_sigmoid_by_itself():
    slope = np.diff(1 / (1 + np.exp([1e-4, -1e-4])))[0] / 2e-4
    assert f"multiplies the gradient by {abs(slope):.2f}." in drawings.network_as_a_chain().text


POOLS = {  # of the first sample's last channel, in its first position: pool, and values of its γ
    "batch": (np.s_[:, 5], np.s_[:, 5]),
    "layer": (np.s_[0], np.s_[:, 5, 0, 0]),
    "instance": (np.s_[0, 5], np.s_[:, 5]),
    "group": (np.s_[0, 3:], np.s_[:, 5]),
    "rms": (np.s_[0], np.s_[:, 5, 0, 0]),
}


@pytest.mark.parametrize("norm", POOLS)
def test_the_pools_are_those_of_the_table_of_norms(norm):
    for found, where in zip(pool.region(norm), POOLS[norm], strict=True):
        expected = np.zeros((4, 6, 2, 2), bool)
        expected[where] = True
        np.testing.assert_array_equal(found, expected)


def test_an_unknown_norm_is_refused():
    with pytest.raises(ValueError, match="norm is 'weight': choose one of batch, layer"):
        drawings.pooled_block("weight")


# What each label at an arrow back does to the gradient that comes along it.
MEANING = {
    "1": lambda g, v: g,
    "1/s": lambda g, v: g / v["s"],
    "1/N": lambda g, v: np.full(len(v["x"]), g / len(v["x"])),
    "−Σ": lambda g, v: -g.sum(),
    "2d": lambda g, v: 2 * v["d"] * g,
    "1/(2s)": lambda g, v: g / (2 * v["s"]),
    "−Σ d/s²": lambda g, v: -(g * v["d"]).sum() / v["s"] ** 2,
}


def test_the_labels_of_the_graph_make_the_backward_pass_of_the_layer():
    rng = np.random.default_rng(0)
    x, g, eps = rng.normal(3, 2, 5), rng.normal(size=5), 0.1
    d = x - x.mean()
    values = {"x": x, "d": d, "s": np.sqrt((d**2).mean() + eps)}
    gradient = {"x̂": g}
    for node in ("s", "σ²", "d²", "d", "μ", "x"):
        gradient[node] = sum(
            MEANING[factor](gradient[end], values)
            for (start, end), (_, factor) in backward.EDGES.items()
            if start == node
        )
    _, cache = batch_norm(x[:, None], eps=eps)
    expected, *_ = batch_norm_backward(g[:, None], cache)
    np.testing.assert_allclose(gradient["x"], expected[:, 0], rtol=1e-12)


def test_the_graph_shows_every_label():
    shown = [t.replace("ˆ", "\u0302") for t, *_ in texts(drawings.backward_graph())]
    for _, factor in backward.EDGES.values():
        assert factor in shown
    assert set(backward.STEPS.values()) < set(shown)


def test_the_circle_has_the_radius_of_the_root_of_three_and_what_is_left_is_tangent():
    x, g = np.array([0.3, 2.0, 1.1]), np.array([0.2, -1.0, 0.7])
    points = steps(x, g)
    x_hat = (x - x.mean()) / x.std()
    np.testing.assert_allclose(points["d"], x - x.mean(), rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(points["x_hat"], x_hat, rtol=1e-12)
    assert np.linalg.norm(points["x_hat"]) == pytest.approx(np.sqrt(3))
    left = g - g.mean() - x_hat * (g * x_hat).mean()
    np.testing.assert_allclose(points["left"], left, rtol=1e-10)
    np.testing.assert_allclose(points["level"], g - g.mean(), rtol=1e-12)
    assert abs(points["left"].sum()) < 1e-12 and abs(points["left"] @ x_hat) < 1e-12


def test_each_ghost_batch_has_the_mean_and_spread_of_its_own_values():
    drawing = drawings.ghost_batches(12, 3)
    heights = -np.array([float(dot["cy"]) for dot in elements(drawing, "circle")])
    whole, *parts = heights[:12], *np.split(heights[12:], 3)
    bands = [rect for rect in elements(drawing, "rect") if "stroke" not in rect]
    for values, band in zip((whole, *parts), bands, strict=True):
        top, height = float(band["y"]), float(band["height"])
        assert top + height / 2 == pytest.approx(-values.mean(), abs=0.15)
        assert height / 2 == pytest.approx(values.std(), abs=0.15)


def test_a_batch_in_unequal_parts_is_refused():
    with pytest.raises(ValueError, match="12 values do not make 5 equal parts"):
        drawings.ghost_batches(12, 5)


@pytest.mark.parametrize("kind", residual.BLOCKS)
def test_the_steps_of_a_block_make_its_formula(kind):
    formula = "x"
    for step in residual.BLOCKS[kind]:
        formula = {
            "W": f"W {formula}",
            "norm": f"norm({formula})",
            "φ": f"φ({formula})",
            "+": f"x + {formula}",
        }[step]
    assert residual.FORMULAS[kind] == formula
