"""Running averages: their numbers, and how they are moved."""

import numpy as np
import pytest
from torch import nn

from bncourse import scratch


def close(found, expected):
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9)


def test_statistics_follows_a_path_as_the_package_does(benches):
    bench = benches("statistics")
    for given in ({"rate": 0.1, "size": 16, "seed": 1}, {"rate": 0.99, "size": 2, "seed": 7}):
        found = bench.model(given | {"steps": 50})["path"]
        drawn = bench.evaluate("explorables.statistics.batches(given, 60)", given)
        running = scratch.RunningStatistics.start(1, np.float64)
        for values, after in zip(np.array(drawn)[..., None], found[:60], strict=True):
            close([after["mean"], after["variance"]], [running.mean[0], running.var[0]])
            moments = scratch.moments_of(values, 0)
            running = scratch.update_running(running, moments, given["rate"])


def test_statistics_expects_what_the_recursion_gives(benches):
    bench = benches("statistics")
    for rate, size in ((0.1, 16), (0.01, 2), (0.99, 64)):
        given = {"rate": rate, "size": size, "seed": 1, "steps": 50}
        found = bench.model(given)["expected"]
        of_batch = np.array([10, 100])
        variances = np.array([100 / size, 100**2 * 2 / (size - 1)])
        expected, spread = np.array([0.0, 1.0]), np.zeros(2)
        for each in found[:200]:
            close([each["mean"], each["variance"]], expected)
            close([each["spread"]["mean"], each["spread"]["variance"]], np.sqrt(spread))
            expected = (1 - rate) * expected + rate * of_batch
            spread = (1 - rate) ** 2 * spread + rate**2 * variances


def test_statistics_draws_its_batches_from_the_truth(benches):
    draw = "explorables.statistics.batches({ size: 64, seed: 3 }, 400)"
    values = np.array(benches("statistics").evaluate(draw)).ravel()
    assert values.mean() == pytest.approx(10, abs=0.2)
    assert values.var() == pytest.approx(100, rel=0.03)
    standard = (values - values.mean()) / values.std()
    assert (standard**3).mean() == pytest.approx(0, abs=0.05)
    assert (standard**4).mean() == pytest.approx(3, abs=0.1)
    assert abs(np.corrcoef(standard[1:], standard[:-1])[0, 1]) < 0.02


def test_statistics_marks_the_defaults_of_the_libraries(benches):
    bench = benches("statistics")
    for mark, rate in (("PyTorch 0.1", nn.BatchNorm1d(1).momentum), ("Keras 0.01", 1 - 0.99)):
        bench.press(mark)
        assert bench.state["rate"] == pytest.approx(rate)


def test_statistics_moves_its_end_by_keys_and_by_the_mouse(benches):
    bench = benches("statistics")
    bench.keys("training steps", "ArrowRight", "PageUp", "Shift+ArrowLeft", "ArrowUp")
    assert bench.state["steps"] == 50 + 1 + 10 - 10 + 1
    bench.drag("training steps", 2000)
    assert bench.state["steps"] == 500
    assert "After 500 steps" in bench.told


def test_statistics_takes_another_path_and_the_same_expectation(benches):
    bench = benches("statistics")
    before = bench.numbers
    bench.press("Another path")
    after = bench.numbers
    assert after["expected"] == before["expected"]
    assert after["path"][50]["mean"] != before["path"][50]["mean"]
