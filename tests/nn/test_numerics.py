"""Where arithmetic is hard: large means, zero variance, few elements, 16 bits, odd layouts."""

import pytest
import torch

import bncourse.nn
import bncourse.nn.functional as F

BIAS_ALONE = {
    "batch_norm": lambda f, x, w, b: f.batch_norm(x, None, None, w, b, training=True),
    "instance_norm": lambda f, x, w, b: f.instance_norm(x, None, None, w, b),
    "group_norm": lambda f, x, w, b: f.group_norm(x, 2, w, b),
    "layer_norm": lambda f, x, w, b: f.layer_norm(x, b.shape, w, b),
}
CALLS = {
    "batch_norm": lambda f, x, *wb: f.batch_norm(x, None, None, *wb, training=True),
    "instance_norm": lambda f, x, *wb: f.instance_norm(x, None, None, *wb),
    "group_norm": lambda f, x, *wb: f.group_norm(x, 2, *wb),
    "layer_norm": lambda f, x, *wb: f.layer_norm(x, x.shape[2:]),
    "rms_norm": lambda f, x, *wb: f.rms_norm(x, x.shape[2:]),
}
PARAMETERS = ("batch_norm", "instance_norm", "group_norm")


def results(namespace, name, x, *parameters):
    """Return the output and the gradients for a gradient of y that 16 bits hold exactly."""
    leaves = [t.detach().clone().requires_grad_() for t in (x, *parameters)]
    y = CALLS[name](namespace, *leaves)
    grad_y = (torch.arange(y.numel()) % 7 - 2).reshape(y.shape).to(y.dtype) / 4
    used = leaves if name in PARAMETERS else leaves[:1]
    return y.detach(), *torch.autograd.grad(y, used, grad_y)


@pytest.mark.parametrize("name", CALLS)
def test_mean_1e4_with_std_1_in_float32_is_as_accurate_as_torch(name):
    x = 1e4 + torch.randn(64, 4, 100)
    parameters = torch.randn(2, 4)
    ours = results(F, name, x, *parameters)
    theirs = results(torch.nn.functional, name, x, *parameters)
    exact = results(torch.nn.functional, name, x.double(), *parameters.double())
    for mine, other, truth in zip(ours, theirs, exact, strict=True):
        error, allowed = ((t - truth).norm() / truth.norm() for t in (mine, other))
        assert error <= allowed + 1e-6


def test_statistics_of_mean_1e4_with_std_1_in_float32(hard):
    x = 1e4 + torch.randn(256, 3)
    layer = bncourse.nn.BatchNorm1d(3, momentum=1.0)
    layer(x)
    torch.testing.assert_close(layer.running_mean, x.double().mean(0).float(), rtol=2e-7, atol=0)
    torch.testing.assert_close(layer.running_var, x.double().var(0).float(), rtol=2e-6, atol=0)


@pytest.mark.parametrize("name", [name for name in CALLS if name != "rms_norm"])
def test_constant_input_gives_the_bias_exactly(name):
    x = torch.full((4, 4, 8), 3.0)
    weight, bias = torch.randn(2, 4)
    y, dx, *_ = results(F, name, x, weight, bias)
    expected = bias[:, None].expand_as(x) if name in PARAMETERS else torch.zeros_like(x)
    torch.testing.assert_close(y, expected, rtol=0, atol=0)
    assert dx.isfinite().all()


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("shape", [(0, 4, 3), (2, 4, 0), (0, 4, 0)], ids=str)
def test_empty_input_gives_empty_output_and_zero_gradients(name, shape):
    x, parameters = torch.empty(shape), torch.randn(2, 4)
    y, dx, *rest = results(F, name, x, *parameters)
    assert y.shape == dx.shape == x.shape
    assert all((grad == 0).all() for grad in rest)


@pytest.mark.parametrize("name", ["BatchNorm1d", "InstanceNorm1d"])
def test_empty_batch_leaves_the_statistics_alone(name):
    layer = getattr(bncourse.nn, name)(4, track_running_stats=True)
    layer(torch.empty(0, 4, 3))
    assert (layer.running_mean == 0).all() and (layer.running_var == 1).all()


@pytest.mark.parametrize("name", CALLS)
def test_batch_of_one_sample(name, hard):
    x, parameters = hard(1, 4, 3, requires_grad=False), torch.randn(2, 4, dtype=torch.float64)
    ours = results(F, name, x, *parameters)
    torch.testing.assert_close(ours, results(torch.nn.functional, name, x, *parameters))


@pytest.mark.parametrize("name", BIAS_ALONE)
def test_bias_without_weight_is_a_weight_of_1(name, hard, assert_same):
    bias = torch.randn(*((4, 5) if name == "layer_norm" else (4,)), dtype=torch.float64)
    ours, theirs = torch.nn.Module(), torch.nn.Module()
    ours.bias = theirs.bias = torch.nn.Parameter(bias)
    ours.forward = lambda x: BIAS_ALONE[name](F, x, None, ours.bias)
    # torch, too, gets a weight: without one its group norm has no gradient.
    one = torch.ones_like(bias)
    theirs.forward = lambda x: BIAS_ALONE[name](torch.nn.functional, x, one, theirs.bias)
    assert_same(ours, theirs, hard(3, 4, 5), rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("parameter_dtype", ["same", torch.float32], ids=["same", "mixed"])
@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16], ids=str)
@pytest.mark.parametrize("name", CALLS)
def test_16_bits_are_the_float64_result_rounded(name, dtype, parameter_dtype):
    x = (3 + 2 * torch.randn(16, 4, 33)).to(dtype)
    parameters = torch.randn(2, 4).to(dtype)
    exact = results(torch.nn.functional, name, x.double(), *parameters.double())
    parameters = parameters.to(dtype if parameter_dtype == "same" else parameter_dtype)
    ours = results(F, name, x, *parameters)
    assert [t.dtype for t in ours[:2]] == [dtype, dtype]
    assert all(grad.dtype == parameters.dtype for grad in ours[2:])
    for mine, truth in zip(ours, exact, strict=True):
        assert (mine - truth).norm() <= torch.finfo(dtype).eps * truth.norm()


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16], ids=str)
@pytest.mark.parametrize("name", CALLS)
def test_no_more_is_kept_for_the_backward_pass_than_torch_keeps(name, dtype):
    x = torch.randn(32, 4, 500, dtype=dtype, requires_grad=True)
    parameters = torch.randn(2, 4, requires_grad=True)

    def kept(f):
        found = {}

        def pack(tensor):
            found[tensor.untyped_storage().data_ptr()] = tensor.untyped_storage().nbytes()
            return tensor

        with torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor):
            y = CALLS[name](f, x, *parameters)
        assert y.requires_grad
        return sum(found.values())

    assert kept(F) <= 1.02 * kept(torch.nn.functional)


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16], ids=str)
@pytest.mark.parametrize("mixed", [False, True])
def test_running_statistics_of_16_bits(dtype, mixed):
    layers = [namespace.BatchNorm1d(3) for namespace in (bncourse.nn, torch.nn)]
    x = (3 + 2 * torch.randn(50, 3)).to(dtype)
    for layer in layers:
        layer.to(torch.float32 if mixed else dtype)(x)
    rounding = {"rtol": 2 * torch.finfo(dtype).eps, "atol": 0}
    torch.testing.assert_close(*(layer.running_mean for layer in layers), **rounding)
    torch.testing.assert_close(*(layer.running_var for layer in layers), **rounding)


def layouts():
    x = 3 + 2 * torch.randn(3, 4, 5, 6, dtype=torch.float64)
    wide = torch.randn(3, 8, 5, 12, dtype=torch.float64)
    return {
        "contiguous": x,
        "channels-last": x.contiguous(memory_format=torch.channels_last),
        "transposed": x.transpose(2, 3),
        "samples and channels swapped": torch.randn(4, 3, 5, 6, dtype=x.dtype).transpose(0, 1),
        "strided": wide[:, ::2, :, ::2],
        "strided channels-last": wide.contiguous(memory_format=torch.channels_last)[:, ::2, :, ::2],
        "one channel": x[:, :1],
        "one position": x[..., :1, :1],
        "expanded": x[:, :, :1, :1].expand(3, 4, 5, 6),
        "channels-last volume": torch.randn(3, 4, 2, 3, 2, dtype=x.dtype).contiguous(
            memory_format=torch.channels_last_3d
        ),
    }


NOTHING_TO_NORMALIZE = {("one position", "instance_norm"), ("one channel", "group_norm")}


@pytest.mark.parametrize(
    ("layout", "name"),
    [(layout, name) for layout in layouts() for name in CALLS
     if (layout, name) not in NOTHING_TO_NORMALIZE],
)  # fmt: skip
def test_layout_in_memory_is_the_one_torch_returns(name, layout):
    x = layouts()[layout]
    parameters = torch.randn(2, x.shape[1], dtype=x.dtype)
    ours, theirs = (results(f, name, x, *parameters) for f in (F, torch.nn.functional))
    torch.testing.assert_close(ours, theirs, rtol=1e-6, atol=1e-7)
    assert ours[0].stride() == theirs[0].stride()


def test_autocast_keeps_torchs_dtypes():
    x = torch.randn(3, 4, 5)
    for y in (x, x.bfloat16()):
        with torch.autocast("cpu", torch.bfloat16):
            for name, call in CALLS.items():
                assert call(F, y).dtype == call(torch.nn.functional, y).dtype, name
