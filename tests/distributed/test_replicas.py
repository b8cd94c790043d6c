"""Replicas in one process against one network of ``torch.nn`` on the whole batch."""

import pytest
import torch

import bncourse.nn
from bncourse.distributed import (
    PeerError,
    SyncBatchNorm,
    accumulated,
    convert_sync_batchnorm,
    in_one_batch,
    on_replicas,
)
from bncourse.distributed.threads import run_together

CLOSE = {"rtol": 1e-10, "atol": 1e-12}


@pytest.fixture
def model():
    torch.manual_seed(1)
    return torch.nn.Sequential(
        torch.nn.Linear(3, 4), torch.nn.BatchNorm1d(4), torch.nn.Linear(4, 2)
    ).double()


@pytest.fixture
def shards():
    torch.manual_seed(2)
    x = torch.linspace(-3, 3, 12).double().view(-1, 1) + torch.randn(12, 3).double()
    return list(zip(x.split([2, 7, 3]), torch.randn(12, 2).double().split([2, 7, 3]), strict=True))


def loss(outputs, targets):
    return (outputs - targets).square().sum()


def by_hand(model, shards):
    """Return the gradients of the mean loss, the network run by autograd alone."""
    samples = sum(len(inputs) for inputs, _ in shards)
    total = sum(loss(model(inputs), targets) for inputs, targets in shards) / samples
    names, parameters = zip(*model.named_parameters(), strict=True)
    return dict(zip(names, torch.autograd.grad(total, parameters), strict=True))


def concatenated(shards):
    return [tuple(torch.cat(parts) for parts in zip(*shards, strict=True))]


def test_one_batch_gives_the_gradients_of_its_mean_loss(model, shards):
    step = in_one_batch(model, shards, loss)
    torch.testing.assert_close(step.gradients, by_hand(model, concatenated(shards)), **CLOSE)


def test_synchronized_replicas_compute_what_one_batch_gives(model, shards):
    step = on_replicas(model, shards, loss, synchronized=True)
    ((inputs, _),) = concatenated(shards)
    torch.testing.assert_close(step.gradients, by_hand(model, concatenated(shards)), **CLOSE)
    for statistics in step.statistics:  # `by_hand` has moved those of the model
        torch.testing.assert_close(statistics, dict(model.named_buffers()), **CLOSE)
    torch.testing.assert_close(step.outputs, model(inputs).detach(), **CLOSE)


def test_replicas_on_their_own_compute_what_each_shard_gives(model, shards):
    step = on_replicas(model, shards, loss, synchronized=False)
    torch.testing.assert_close(step.gradients, by_hand(model, shards), **CLOSE)
    assert step.gradient_gap(in_one_batch(model, shards, loss)) > 0.1
    for statistics, (inputs, _) in zip(step.statistics, shards, strict=True):
        mean = model[0](inputs).mean(0).detach()
        torch.testing.assert_close(statistics["1.running_mean"], 0.1 * mean, **CLOSE)


def test_accumulated_gradients_are_those_of_replicas_on_their_own(model, shards):
    step = accumulated(model, shards, loss)
    torch.testing.assert_close(step.gradients, by_hand(model, shards), **CLOSE)
    assert step.statistics[0]["1.num_batches_tracked"] == len(shards)


def test_the_model_is_left_as_it_is(model, shards):
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    for step in (in_one_batch, accumulated):
        step(model, shards, loss)
    on_replicas(model, shards, loss, synchronized=True)
    torch.testing.assert_close(dict(model.state_dict()), before, rtol=0, atol=0)
    assert all(parameter.grad is None for parameter in model.parameters())


def test_a_gradient_gap_is_relative(model, shards):
    step = in_one_batch(model, shards, loss)
    twice = in_one_batch(model, shards, lambda outputs, targets: 2 * loss(outputs, targets))
    assert step.gradient_gap(step) == 0
    assert step.gradient_gap(twice) == pytest.approx(0.5)
    assert twice.gradient_gap(step) == pytest.approx(1)


def test_third_derivatives_flow_through_the_others():
    x = torch.randn(7, 3).double()
    sizes = [4, 3]

    def third(layer, x):
        """Return the third derivative along a curve, with respect to x."""
        leaf = x.clone().requires_grad_()
        value = layer(leaf).pow(3).sum()
        for _ in range(2):
            (grad,) = torch.autograd.grad(value, leaf, create_graph=True)
            value = grad.pow(2).sum()
        return torch.autograd.grad(value, leaf)[0]

    def work(replica):
        layer = SyncBatchNorm(3, process_group=replica, dtype=torch.float64)
        return third(layer, x.split(sizes)[replica.rank])

    expected = third(bncourse.nn.BatchNorm1d(3, dtype=torch.float64), x)
    torch.testing.assert_close(torch.cat(run_together(work, 2)), expected, rtol=1e-8, atol=1e-8)


def test_a_replica_that_fails_ends_the_others_with_its_own_error(model, shards):
    bad = [*shards[:2], (torch.randn(3, 5).double(), shards[2][1])]
    with pytest.raises(RuntimeError, match="mat1 and mat2"):
        on_replicas(model, bad, loss, synchronized=True)


def test_a_replica_that_waits_in_vain_says_for_what():
    def work(replica):
        layer = torch.nn.Sequential(torch.nn.BatchNorm1d(3))
        convert_sync_batchnorm(layer, replica)
        if replica.rank == 1:
            replica.meeting.barrier.abort()
            return None
        return layer(torch.randn(4, 3))

    with pytest.raises(PeerError, match="layer '0', forwards: replica 0 of 2 waited for 14 numb"):
        run_together(work, 2)
