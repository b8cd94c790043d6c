"""Ghost batch norm: a batch in parts, as if the parts had come one after the other."""

import copy

import pytest
import torch

from bncourse.nn import BatchNorm1d, BatchNorm2d, BatchNorm3d, GhostBatchNorm

LAYERS = {(9, 4): BatchNorm1d, (9, 4, 5): BatchNorm1d, (9, 4, 3, 2): BatchNorm2d}
LAYERS |= {(9, 4, 2, 3, 2): BatchNorm3d}


@pytest.fixture
def pair():
    """Return a maker of a ghost batch norm and the batch norm with the same numbers."""

    def make(shape, ghost_size, **options):
        ghost = GhostBatchNorm(4, ghost_size, dtype=torch.float64, **options)
        for parameter in ghost.parameters():
            torch.nn.init.normal_(parameter)
        plain = LAYERS[shape](4, dtype=torch.float64, **options)
        plain.load_state_dict(ghost.state_dict())
        return ghost, plain

    return make


def gradients(layer, y, x):
    weights = torch.linspace(-1, 2, y.numel(), dtype=y.dtype).reshape(y.shape)
    return torch.autograd.grad((y * weights).sum(), [x, *layer.parameters()])


@pytest.mark.parametrize("size", [9, 100])
@pytest.mark.parametrize("shape", LAYERS, ids=str)
def test_one_ghost_of_the_whole_batch_is_batch_norm(shape, size, pair, hard, assert_same):
    ghost, plain = pair(shape, size)
    assert_same(ghost, plain, hard(*shape))


@pytest.mark.parametrize("size", [3, 5, 7])
@pytest.mark.parametrize("momentum", [0.1, 0.5, None])
@pytest.mark.parametrize("shape", LAYERS, ids=str)
def test_ghosts_are_batches_one_after_the_other(shape, momentum, size, pair, hard):
    ghost, plain = pair(shape, size, momentum=momentum)
    x = hard(*shape)
    y = ghost(x)
    apart = torch.cat([plain(part) for part in x.split(size)])
    torch.testing.assert_close(y, apart)
    torch.testing.assert_close(gradients(ghost, y, x), gradients(plain, apart, x))
    torch.testing.assert_close(ghost.state_dict(), plain.state_dict())
    assert ghost.num_batches_tracked == -(-9 // size)


def test_the_running_mean_is_that_of_the_article():
    layer, rate = GhostBatchNorm(1, 2, momentum=0.3, dtype=torch.float64), 0.3
    x = torch.tensor([[1.0], [3.0], [10.0], [20.0], [-7.0], [7.0]], dtype=torch.float64)
    layer(x)
    means = 2, 15, 0
    expected = sum(rate * (1 - rate) ** (2 - i) * mean for i, mean in enumerate(means))
    torch.testing.assert_close(layer.running_mean.item(), expected)


def test_evaluation_is_that_of_batch_norm(pair, hard):
    ghost, plain = pair((9, 4), 3)
    x = hard(9, 4)
    ghost(x)
    plain.load_state_dict(ghost.state_dict())
    torch.testing.assert_close(ghost.eval()(x), plain.eval()(x))


def test_without_running_statistics_evaluation_uses_ghosts_too(hard):
    layer, x = GhostBatchNorm(4, 3, track_running_stats=False, dtype=torch.float64), hard(9, 4)
    torch.testing.assert_close(layer.eval()(x), layer.train()(x))


def test_channels_last_stays_so():
    x = torch.randn(4, 3, 5, 5).to(memory_format=torch.channels_last)
    assert GhostBatchNorm(3, 2)(x).is_contiguous(memory_format=torch.channels_last)


def test_a_ghost_of_one_value_is_refused_as_a_batch_of_one_is():
    with pytest.raises(ValueError, match=r"more than 1 value per channel .*\(1, 4\).*more samples"):
        GhostBatchNorm(4, 3)(torch.randn(7, 4))


@pytest.mark.parametrize(("size", "message"), [(0, "at least 1, got 0"), (2.0, "int, got 2.0")])
def test_a_ghost_size_that_is_none_is_refused(size, message):
    with pytest.raises((ValueError, TypeError), match=f"ghost_size must be .*{message}"):
        GhostBatchNorm(4, size)


def test_it_shows_its_arguments_and_copies_keep_them():
    layer = copy.deepcopy(GhostBatchNorm(4, 3, eps=0.1))
    assert repr(layer).startswith("GhostBatchNorm(4, ghost_size=3, eps=0.1, momentum=0.1, affine=")
    layer(torch.randn(9, 4))
    assert layer.num_batches_tracked == 3
