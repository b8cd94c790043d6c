"""Running statistics in closed form, and batch norm with fixed statistics."""

import numpy as np
import pytest

from bncourse.scratch import (
    BatchNorm,
    Moments,
    RunningStatistics,
    batch_norm_eval,
    batch_norm_eval_backward,
    check_gradient,
    moments_of,
    update_running,
)

try:
    import torch
except ModuleNotFoundError:  # `make check` has none, and compares with nothing
    torch = None

needs_torch = pytest.mark.skipif(torch is None, reason="PyTorch is not installed")


@pytest.mark.parametrize("updates", [1, 10, 1000])
def test_evaluation_is_the_closed_form_of_the_running_average(updates, hard):
    x = hard((6, 4))
    layer = BatchNorm(4, update_rate=0.1, dtype=np.float64)
    for _ in range(updates):
        layer.forward(x)
    left = 0.9**updates
    mean, var = (1 - left) * x.mean(0), left + (1 - left) * x.var(0, ddof=1)
    np.testing.assert_allclose(
        layer.eval().forward(x), (x - mean) / np.sqrt(var + 1e-5), rtol=1e-9, atol=1e-9
    )


@pytest.mark.parametrize("updates", [1, 10, 1000])
def test_without_an_update_rate_every_batch_weighs_the_same(updates, rng):
    batches = 5 + 3 * rng.standard_normal((updates, 7, 2))
    running = RunningStatistics.start(2, np.float64)
    for batch in batches:
        running = update_running(running, moments_of(batch, 0), update_rate=None)
    assert running.num_updates == updates
    np.testing.assert_allclose(running.mean, batches.mean((0, 1)), rtol=1e-9)
    np.testing.assert_allclose(running.var, batches.var(1, ddof=1).mean(0), rtol=1e-9)


@needs_torch
@pytest.mark.parametrize("eps", [1e-5, 0.3])
@pytest.mark.parametrize("rate", [0.1, 0.9, None])
def test_training_and_evaluation_follow_torch(rate, eps, hard, rng):
    theirs = torch.nn.BatchNorm2d(3, eps=eps, momentum=rate, dtype=torch.float64)
    ours = BatchNorm(3, eps=eps, update_rate=rate, dtype=np.float64)
    for _ in range(5):
        x = hard((2, 3, 2, 3))
        np.testing.assert_allclose(
            ours.forward(x), theirs(torch.tensor(x)).detach().numpy(), atol=1e-6
        )
    np.testing.assert_allclose(ours.running.mean, theirs.running_mean.numpy(), rtol=1e-9)
    np.testing.assert_allclose(ours.running.var, theirs.running_var.numpy(), rtol=1e-6)
    x = hard((2, 3, 2, 3))
    expected = theirs.eval()(torch.tensor(x)).detach().numpy()
    np.testing.assert_allclose(ours.eval().forward(x), expected, rtol=1e-6)


def test_an_update_rate_of_0_keeps_and_of_1_forgets():
    old = RunningStatistics(np.array([3.0]), np.array([2.0]), 5)
    batch = Moments(4, np.array([7.0]), np.array([6.0]))
    kept, replaced = update_running(old, batch, 0), update_running(old, batch, 1)
    assert (kept.mean[0], kept.var[0], kept.num_updates) == (3, 2, 6)
    assert (replaced.mean[0], replaced.var[0]) == (7, 8)


def test_an_update_leaves_the_old_statistics_as_they_were():
    old = RunningStatistics.start(1, np.float64)
    update_running(old, Moments(4, np.array([7.0]), np.array([6.0])))
    assert (old.mean[0], old.var[0], old.num_updates) == (0, 1, 0)


def test_float32_statistics_stay_float32(rng):
    x = rng.standard_normal((5, 2)).astype(np.float32)
    running = update_running(RunningStatistics.start(2), moments_of(x, 0), None)
    assert running.mean.dtype == running.var.dtype == np.float32


@pytest.mark.parametrize("shape", [(3, 2), (1, 2), (2, 2, 3, 4)])
def test_the_evaluation_backward_passes_the_gradient_check(shape, rng):
    x, gamma, beta = 3 + rng.standard_normal(shape), *rng.standard_normal((2, 2))
    mean, var = np.array([1.0, -4.0]), np.array([1e-5, 9.0])
    checks = check_gradient(
        lambda x, gamma, beta: batch_norm_eval(x, mean, var, gamma, beta),
        batch_norm_eval_backward,
        *(x, gamma, beta),
        rng=rng,
    )
    assert len(checks) == 3


def test_evaluation_without_gamma_and_beta_has_no_gradients_for_them(rng):
    y, cache = batch_norm_eval(np.array([[5.0], [11.0]]), np.array([3.0]), np.array([4.0]), eps=0)
    np.testing.assert_allclose(y, [[1], [4]])
    dx, dgamma, dbeta = batch_norm_eval_backward(np.ones((2, 1)), cache)
    np.testing.assert_allclose(dx, 0.5)
    assert dgamma is None
    assert dbeta is None


def test_evaluation_treats_every_sample_alone(hard):
    x, mean, var = hard((5, 3)), np.arange(3.0), np.arange(1.0, 4.0)
    whole, _ = batch_norm_eval(x, mean, var)
    alone = [batch_norm_eval(row[None], mean, var)[0] for row in x]
    np.testing.assert_array_equal(whole, np.concatenate(alone))
    assert batch_norm_eval(x[:0], mean, var)[0].shape == (0, 3)


START = RunningStatistics.start(2, np.float64)
BATCH = Moments(4, np.zeros(2), np.ones(2))
WRONG = {
    "rate above 1": (lambda: update_running(START, BATCH, 1.5), "update_rate must be.*1.5"),
    "negative rate": (lambda: update_running(START, BATCH, -0.1), "update_rate must be.*-0.1"),
    "channels": (
        lambda: update_running(RunningStatistics.start(3, np.float64), BATCH),
        r"moments.mean must have shape \(3,\), got \(2,\)",
    ),
    "variances": (
        lambda: update_running(START, BATCH._replace(var=np.ones(1))),
        r"moments.var must have shape \(2,\), got \(1,\)",
    ),
    "single value": (lambda: update_running(START, BATCH._replace(count=1)), "got count 1"),
    "mean shape": (
        lambda: batch_norm_eval(np.ones((3, 2)), np.zeros(3), np.ones(2)),
        r"mean must have shape \(2,\), got \(3,\)",
    ),
    "negative var": (
        lambda: batch_norm_eval(np.ones((3, 2)), np.zeros(2), np.array([1.0, -8.0])),
        "var must be at least 0, got -8.0",
    ),
    "var 0, eps 0": (
        lambda: batch_norm_eval(np.ones((3, 2)), np.zeros(2), np.zeros(2), eps=0),
        "eps is 0",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_argument_is_named_with_its_value(name):
    call, message = WRONG[name]
    with pytest.raises(ValueError, match=message):
        call()


def test_moments_of_another_dtype_are_refused():
    with pytest.raises(TypeError, match="moments.mean must have dtype float32, got float64"):
        update_running(RunningStatistics.start(2), BATCH)
