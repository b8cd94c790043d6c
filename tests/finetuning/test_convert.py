"""Batch norm from Keras to PyTorch and back: the same outputs, and the conventions between."""

import copy

import pytest
import torch
from torch import nn
from torch.testing import assert_close

from bncourse.finetuning import convert_batch_norms

CLOSE = {"rtol": 1e-6, "atol": 1e-6}


@pytest.fixture
def of_keras(keras):
    """Return a maker of a batch norm of Keras, whose numbers are not those of the start."""

    def make(channels=4, shape=(None,), **options):
        norm = keras.layers.BatchNormalization(**options)
        norm.build((None, *shape[1:], channels))
        for variable in norm.variables:
            value = torch.rand if "variance" in variable.path else torch.randn
            variable.assign(value(channels))
        return norm

    return make


@pytest.fixture
def of_torch(namespace):
    """Return a maker of a batch norm of PyTorch, whose numbers are not those of the start."""

    def make(channels=4, dims=1, **options):
        norm = getattr(namespace, f"BatchNorm{dims}d")(channels, **options)
        with torch.no_grad():
            for tensor in (*norm.parameters(), norm.running_mean):
                tensor.normal_()
            norm.running_var.uniform_()
        return norm.eval()

    return make


def state(norm):
    """Return the numbers of a batch norm of Keras."""
    return {variable.path.split("/")[-1]: variable.value.clone() for variable in norm.variables}


def test_from_keras_to_pytorch(of_keras, of_torch):
    source, target = of_keras(epsilon=0.02, momentum=0.97), of_torch()
    convert_batch_norms(source, target)
    x = 1 + 2 * torch.randn(5, 4)
    assert_close(target(x), source(x, training=False), **CLOSE)
    assert target.eps == 0.02 and target.momentum == pytest.approx(0.03)


def test_from_pytorch_to_keras(of_keras, of_torch):
    source, target = of_torch(eps=0.02, momentum=0.03), of_keras()
    convert_batch_norms(source, target)
    x = 1 + 2 * torch.randn(5, 4)
    assert_close(target(x, training=False), source(x), **CLOSE)
    assert target.epsilon == 0.02 and target.momentum == 0.97


@pytest.mark.parametrize("dims", [1, 2, 3])
def test_channels_may_come_first_or_last(dims, of_keras, of_torch):
    shape = (None, *[3] * dims)
    source, target = of_keras(shape=shape), of_torch(dims=dims)
    convert_batch_norms(source, target)
    x = torch.randn(5, *shape[1:], 4)
    moved = target(x.movedim(-1, 1)).movedim(1, -1)
    assert_close(moved, source(x, training=False), **CLOSE)


@pytest.mark.parametrize("conversion", [{}, {"count": 7}, {"count": 7, "steps": 12}], ids=str)
def test_round_trips_end_where_they_began(conversion, of_keras, of_torch):
    first, between, last = of_torch(eps=0.02), of_keras(), of_torch()
    convert_batch_norms(first, between, **conversion)
    convert_batch_norms(between, last, **conversion)
    assert_close(last.state_dict(), first.state_dict(), **CLOSE)
    assert last.eps == first.eps and last.momentum == pytest.approx(first.momentum)

    other = of_keras()
    convert_batch_norms(last, other, **conversion)
    assert_close(state(other), state(between), **CLOSE)


@pytest.mark.parametrize("missing", ["gamma", "beta"])
def test_without_gamma_it_is_one_and_without_beta_zero(missing, of_keras, of_torch):
    source, target = of_keras(**{{"gamma": "scale", "beta": "center"}[missing]: False}), of_torch()
    convert_batch_norms(source, target)
    x = torch.randn(5, 4)
    assert_close(target(x), source(x, training=False), **CLOSE)
    convert_batch_norms(target, both := of_keras())
    assert_close(both(x, training=False), source(x, training=False), **CLOSE)


def test_a_norm_without_parameters_can_be_converted(of_keras, of_torch):
    source, target = of_torch(affine=False), of_keras(scale=False, center=False)
    convert_batch_norms(source, target)
    x = torch.randn(5, 4)
    assert_close(target(x, training=False), source(x), **CLOSE)


# The variance: PyTorch stores the unbiased one, Keras the biased one.


@pytest.fixture
def trained_alike(keras, namespace):
    """Return a batch norm of each library that saw the same three batches of five."""
    ours = namespace.BatchNorm1d(4, momentum=0.3)
    theirs = keras.layers.BatchNormalization(momentum=0.7, epsilon=ours.eps)
    for _ in range(3):
        x = 1 + 2 * torch.randn(5, 4)
        ours(x)
        theirs(x, training=True)
    return ours.eval(), theirs


def test_with_count_and_steps_the_variance_is_what_the_other_would_have_stored(
    trained_alike, of_keras, of_torch
):
    ours, theirs = trained_alike
    convert_batch_norms(theirs, mine := of_torch(), count=5, steps=3)
    assert_close(mine.running_var, ours.running_var, **CLOSE)
    convert_batch_norms(ours, other := of_keras(), count=5, steps=3)
    assert_close(other.moving_variance.value, theirs.moving_variance.value, **CLOSE)


def test_without_them_it_is_copied_and_evaluation_stays_the_same(trained_alike, of_keras):
    ours, _ = trained_alike
    convert_batch_norms(ours, copied := of_keras())
    assert copied.moving_variance.value.equal(ours.running_var)


def test_without_steps_the_start_counts_as_if_it_had_been_a_batch(trained_alike, of_torch):
    ours, theirs = trained_alike
    convert_batch_norms(theirs, mine := of_torch(), count=5)
    too_much = 0.7**3 * (5 / 4 - 1)  # the weight of the start, and a factor that it does not have
    assert_close(mine.running_var, ours.running_var + too_much, **CLOSE)


def test_with_count_evaluation_changes_by_the_factor(of_keras, of_torch):
    source, target = of_keras(epsilon=0.0, center=False), of_torch()
    convert_batch_norms(source, target, count=5)
    x = torch.randn(7, 4)
    assert_close(target(x), source(x, training=False) * (4 / 5) ** 0.5, **CLOSE)


def test_what_batches_of_several_sizes_have_left_cannot_be_converted(keras, namespace, of_torch):
    ours = namespace.BatchNorm1d(1, momentum=0.5)
    theirs = keras.layers.BatchNormalization(momentum=0.5)
    for size in (2, 3):
        x = torch.arange(float(size))[:, None]
        ours(x)
        theirs(x, training=True)
    for count in (2, 3):
        convert_batch_norms(theirs, mine := of_torch(1), count=count, steps=2)
        assert not torch.allclose(mine.running_var, ours.running_var, rtol=0.01)


# Whole models.


@pytest.fixture
def networks(keras, namespace):
    """Return a network of each library with two norms, for images of a channel."""
    layers = keras.layers
    nested = keras.Sequential([layers.Conv2D(5, 2), layers.BatchNormalization(), layers.ReLU()])
    theirs = keras.Sequential(
        [keras.Input((5, 5, 1)), layers.Conv2D(3, 3), layers.BatchNormalization(), nested]
    )
    ours = nn.Sequential(
        nn.Conv2d(1, 3, 3),
        namespace.BatchNorm2d(3),
        nn.Sequential(nn.Conv2d(3, 5, 2), namespace.BatchNorm2d(5), nn.ReLU()),
    )
    convolutions = (ours[0], theirs.layers[0]), (ours[2][0], nested.layers[0])
    with torch.no_grad():
        for mine, other in convolutions:
            mine.weight.copy_(other.kernel.value.permute(3, 2, 0, 1))
            mine.bias.copy_(other.bias.value)
    return ours, theirs


def test_all_norms_of_a_trained_model_are_converted(networks):
    ours, theirs = networks
    images = 1 + 2 * torch.randn(6, 5, 5, 1)
    for _ in range(40):
        theirs(images + torch.randn(6, 1, 1, 1), training=True)
    expected = theirs(images, training=False)
    ours.eval()
    before = ours(images.movedim(-1, 1)).movedim(1, -1)
    convert_batch_norms(theirs, ours)
    found = ours(images.movedim(-1, 1)).movedim(1, -1)
    assert_close(found, expected, rtol=1e-5, atol=1e-6 * expected.abs().max().item())
    assert (before - expected).abs().max() > 0.1 * expected.abs().max()

    twin = copy.deepcopy(ours)
    convert_batch_norms(ours, theirs)
    convert_batch_norms(theirs, twin)
    assert_close(twin.state_dict(), ours.state_dict(), **CLOSE)


def test_counts_may_differ_from_norm_to_norm(networks):
    ours, theirs = networks
    convert_batch_norms(theirs, ours, count=[2, 5])
    assert_close(ours[1].running_var, torch.full((3,), 2.0))
    assert_close(ours[2][1].running_var, torch.full((5,), 1.25))


def test_networks_of_another_shape_are_refused(networks, of_torch, of_keras):
    ours, theirs = networks
    with pytest.raises(ValueError, match=r"source has 2 batch norms \(1, 2.1\), and target 1"):
        convert_batch_norms(ours, of_keras())
    with pytest.raises(ValueError, match="'' of source has 3 channels, and .* of target 5: if"):
        convert_batch_norms(ours[1], theirs.layers[-1])


def test_what_has_no_place_is_refused_and_nothing_is_changed(keras, namespace):
    norms = [keras.layers.BatchNormalization() for _ in range(2)]
    source = keras.Sequential([keras.Input((4,)), *norms])
    target = nn.Sequential(namespace.BatchNorm1d(4), namespace.BatchNorm1d(4, affine=False))
    before = copy.deepcopy(target.state_dict())
    source(torch.randn(5, 4), training=True)
    with pytest.raises(ValueError, match="of source has gamma, and norm '1' of target has none"):
        convert_batch_norms(source, target)
    assert_close(target.state_dict(), before, rtol=0, atol=0)


REFUSED = [
    (lambda k, t: (t(momentum=None), k()), "momentum=None, a cumulative average.*set its momentum"),
    (lambda k, t: (t(), t()), "source and target are each a Module of PyTorch: pass one of each"),
    (lambda k, t: (k(), k()), "source and target are each a model or layer of Keras"),
    (lambda k, t: (k(renorm=True), t()), "it has renorm=True.*without renorm"),
    (lambda k, t: (3, t()), "source must be a Module of PyTorch, or a model .*, got int"),
]


@pytest.mark.parametrize(("make", "message"), REFUSED)
def test_what_cannot_be_converted_is_refused(make, message, of_keras, of_torch):
    with pytest.raises(ValueError, match=message):
        convert_batch_norms(*make(of_keras, of_torch))


def test_norms_without_numbers_are_refused(keras, of_keras, of_torch, namespace):
    with pytest.raises(ValueError, match="it has not been built: call the model on a batch first"):
        convert_batch_norms(keras.layers.BatchNormalization(), of_torch())
    with pytest.raises(ValueError, match="target .* no running statistics: .*track_running_stats"):
        convert_batch_norms(of_keras(), namespace.BatchNorm1d(4, track_running_stats=False))


@pytest.mark.parametrize("count", [1, [3, 3], [1]])
def test_a_count_that_has_no_unbiased_variance_is_refused(count, of_keras, of_torch):
    with pytest.raises(ValueError, match=r"count must be at least 2.*N \* H \* W for images"):
        convert_batch_norms(of_keras(), of_torch(), count=count)
