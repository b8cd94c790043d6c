"""Random shapes, options, dtypes and layouts against ``torch.nn`` in float64."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

import bncourse.nn

SIZES = st.integers(1, 5)
PLAIN = settings(max_examples=30, deadline=None, derandomize=True, database=None)


@st.composite
def inputs(draw, least=2, most=5, fewest=2):
    shape = draw(st.lists(SIZES, min_size=least, max_size=most))
    shape[-1] += fewest - 1
    torch.manual_seed(draw(st.integers(0, 2**20)))
    offset, scale = draw(st.sampled_from([0, 3, 1000])), draw(st.sampled_from([0.01, 1, 50]))
    x = offset + scale * torch.randn(shape, dtype=torch.float64)
    order = draw(st.permutations(range(len(shape))))
    return x.permute(order).contiguous().permute([order.index(i) for i in range(len(shape))])


@st.composite
def channel_options(draw):
    return {
        "affine": draw(st.booleans()),
        "bias": draw(st.booleans()),
        "track_running_stats": draw(st.booleans()),
        "momentum": draw(st.sampled_from([None, 0.1, 1.0])),
        "eps": draw(st.sampled_from([1e-5, 0.5])),
    }


def check(name, x, *args, training=True, **kwargs):
    """Two steps of both layers agree in output, gradients and state."""
    ours = getattr(bncourse.nn, name)(*args, **kwargs, dtype=torch.float64).train(training)
    theirs = getattr(torch.nn, name)(*args, **kwargs, dtype=torch.float64).train(training)
    with torch.no_grad():
        for parameter in ours.parameters():
            parameter.normal_()
    theirs.load_state_dict(ours.state_dict())
    results = []
    for layer in (ours, theirs):
        leaf = x.clone().requires_grad_()
        y = layer(2 * layer(leaf) + leaf)
        weights = torch.linspace(-1, 1, y.numel(), dtype=y.dtype).reshape(y.shape)
        gradients = torch.autograd.grad((y * weights).sum(), [leaf, *layer.parameters()])
        results.append([y, *gradients, *layer.buffers()])
    torch.testing.assert_close(*results, rtol=1e-6, atol=1e-6)


@PLAIN
@given(st.data(), st.sampled_from([1, 2, 3]), channel_options(), st.booleans())
def test_batch_norm(data, spatial, options, training):
    x = data.draw(inputs(least=2 + spatial, most=2 + spatial))
    check(f"BatchNorm{spatial}d", x, x.shape[1], training=training, **options)


@PLAIN
@given(inputs(least=2, most=2), channel_options(), st.booleans())
def test_batch_norm_of_vectors(x, options, training):
    x = torch.cat([x, x.flip(1)])
    check("BatchNorm1d", x, x.shape[1], training=training, **options)


@PLAIN
@given(st.data(), st.sampled_from([1, 2, 3]), channel_options(), st.booleans())
def test_instance_norm(data, spatial, options, training):
    x = data.draw(inputs(least=2 + spatial, most=2 + spatial))
    check(f"InstanceNorm{spatial}d", x, x.shape[1], training=training, **options)


@PLAIN
@given(st.data(), inputs(least=3), st.booleans(), st.booleans())
def test_group_norm(data, x, affine, bias):
    channels = x.shape[1]
    divisors = [g for g in range(1, channels + 1) if channels % g == 0]
    check("GroupNorm", x, data.draw(st.sampled_from(divisors)), channels, affine=affine, bias=bias)


@PLAIN
@given(st.data(), inputs(least=1), st.booleans(), st.booleans())
def test_layer_norm(data, x, affine, bias):
    axes = data.draw(st.integers(1, x.dim()))
    check("LayerNorm", x, x.shape[-axes:], elementwise_affine=affine, bias=bias)


@PLAIN
@given(st.data(), inputs(least=1), st.booleans(), st.sampled_from([None, 1e-3]))
def test_rms_norm(data, x, affine, eps):
    axes = data.draw(st.integers(1, x.dim()))
    check("RMSNorm", x, x.shape[-axes:], elementwise_affine=affine, eps=eps)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16], ids=str)
@PLAIN
@given(x=inputs(least=3, most=4))
def test_lower_precision_stays_near_float64(dtype, x):
    rounded = x.to(dtype)
    layer = bncourse.nn.GroupNorm(1, x.shape[1])
    y = layer.to(dtype)(rounded)
    exact = torch.nn.GroupNorm(1, x.shape[1]).double()(rounded.double())
    rounding = torch.finfo(dtype).eps + 2e-7 * rounded.double().abs().max() / rounded.double().std()
    assert (y - exact).abs().max() <= 4 * rounding * (1 + exact.abs().max())
