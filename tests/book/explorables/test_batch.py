"""A batch through batch norm: its numbers, and how it is moved."""

import re

import numpy as np
import pytest

from bncourse import scratch


def close(found, expected):
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9)


def a_batch(rng, training):
    running = {"mean": rng.normal(), "variance": rng.uniform(0.1, 9), "steps": 3}
    return {
        "x": list(rng.normal(3, rng.choice([0.01, 4]), 4)),
        "gamma": rng.normal(),
        "beta": rng.normal(),
        "eps": rng.choice([1e-5, 0.1, 10]),
        "training": training,
        "running": running,
    }


@pytest.mark.parametrize("training", [True, False])
def test_batch_computes_what_the_package_computes(benches, training):
    bench, rng = benches("batch"), np.random.default_rng(0)
    for _ in range(12):
        given = a_batch(rng, training)
        found = bench.model(given)
        x = np.array(given["x"])[:, None]
        affine = np.array([given["gamma"]]), np.array([given["beta"]])
        running = (np.array([given["running"][key]]) for key in ("mean", "variance"))
        if training:
            norm, statistics = scratch.batch_norm, ()
        else:
            norm, statistics = scratch.batch_norm_eval, tuple(running)
        x_hat, y = (norm(x, *statistics, *extra, eps=given["eps"])[0] for extra in ((), affine))
        for row, values in zip(found["rows"], (x, x_hat, y), strict=True):
            moments = scratch.moments_of(values, 0)
            close(row["values"], values[:, 0])
            close([row["mean"], row["spread"] ** 2], [moments.mean[0], moments.var[0]])


def test_a_step_moves_the_running_averages_as_the_package_does(benches):
    bench, rng = benches("batch"), np.random.default_rng(1)
    for _ in range(10):
        given = a_batch(rng, True)
        found = bench.evaluate("explorables.batch.step(given)", given)
        running = given["running"]
        old = scratch.RunningStatistics(
            np.array([running["mean"]]), np.array([running["variance"]]), running["steps"]
        )
        new = scratch.update_running(old, scratch.moments_of(np.array(given["x"])[:, None], 0))
        close([found["mean"], found["variance"]], [new.mean[0], new.var[0]])
        assert found["steps"] == new.num_updates


def test_batch_starts_as_the_package_does_and_its_button_makes_a_step(benches):
    bench = benches("batch")
    start = scratch.RunningStatistics.start(1)
    assert bench.state["running"] == {"mean": start.mean[0], "variance": start.var[0], "steps": 0}
    bench.press("One more step")
    close(bench.state["running"]["mean"], 0.1 * np.mean(bench.state["x"]))
    bench.page.get_by_text("evaluation", exact=True).click()
    assert bench.page.get_by_role("button", name="One more step").is_disabled()
    assert bench.state["training"] is False


def test_batch_draws_its_values_where_its_ticks_say(benches):
    bench = benches("batch")
    labels = bench.evaluate(
        "[...stage.svg.querySelectorAll('text')].map(t => [t.textContent, +t.getAttribute('x')])"
    )
    ticks = [(x, float(t.replace("−", "-"))) for t, x in labels if re.fullmatch(r"−?\d+", t)]
    number = np.polynomial.Polynomial.fit(*zip(*ticks, strict=True), 1)
    discs = bench.evaluate(
        "[...stage.sheet.group.querySelectorAll('circle')].map(c => c.cx.baseVal.value)"
    )
    found = [row["values"][0] for row in bench.numbers["rows"]]
    np.testing.assert_allclose([number(x) for x in discs], found, atol=1e-6)


def test_batch_moves_one_value_with_the_mouse(benches):
    bench = benches("batch")
    bench.drag("the first value", -200)
    x = bench.state["x"]
    assert x[0] < 1 and x[1:] == [3, 5, 8]


@pytest.mark.parametrize("handle", ["all four values alike", "how far the values are apart"])
def test_what_the_layer_takes_out_changes_nothing_behind_it(benches, handle):
    bench = benches("batch")
    before = bench.numbers["rows"]
    bench.drag(handle, 100)
    after = bench.numbers["rows"]
    assert np.min(np.abs(np.subtract(after[0]["values"], before[0]["values"]))) > 0.1
    np.testing.assert_allclose(after[2]["values"], before[2]["values"], atol=1e-4)
