"""torch.func, torch.compile, torch.export and torch.jit.trace, where ``torch.nn`` has them."""

import pytest
import torch
from torch.autograd import forward_ad
from torch.func import functional_call, grad, hessian, jacfwd, jacrev, jvp, vmap

import bncourse.nn
import bncourse.nn.functional as F

pytestmark = [
    # PyTorch's forward mode compiles its formulas with its deprecated compiler.
    pytest.mark.filterwarnings("ignore:.torch.jit.script. is deprecated"),
    # PyTorch's compiler traces every autograd.Function by way of an instance.
    pytest.mark.filterwarnings("ignore:.*should not be instantiated:DeprecationWarning"),
]

CALLS = {
    "batch_norm": lambda f, x, w: f.batch_norm(x, None, None, w, None, training=True),
    "instance_norm": lambda f, x, w: f.instance_norm(x, None, None, w),
    "group_norm": lambda f, x, w: f.group_norm(x, 2, w),
    "layer_norm": lambda f, x, w: f.layer_norm(x, x.shape[2:], w),
    "rms_norm": lambda f, x, w: f.rms_norm(x, x.shape[2:], w),
}


@pytest.fixture(params=CALLS)
def pair(request):
    """Return the same scalar function of x and weight, by us and by torch."""
    call = CALLS[request.param]
    return tuple(lambda x, w, f=f: (call(f, x, w) ** 3).sum() for f in (F, torch.nn.functional))


@pytest.fixture
def inputs():
    x = torch.randn(2, 4, 4, dtype=torch.float64) + 1
    return x, torch.randn(4, dtype=torch.float64)


TRANSFORMS = {
    "grad": lambda f: grad(f, (0, 1)),
    "hessian": hessian,
    "reverse over reverse": lambda f: jacrev(jacrev(f)),
    "forward": lambda f: jacfwd(f, (0, 1)),
    "samples": lambda f: lambda x, w: vmap(grad(f, (0, 1)), (0, None))(torch.stack([x, x**2]), w),
    "last axis": lambda f: lambda x, w: vmap(f, (-1, None))(torch.stack([x, 2 * x], -1), w),
    "weights": lambda f: lambda x, w: vmap(grad(f), (None, 0))(x, torch.stack([w, 2 * w])),
}


@pytest.mark.parametrize("name", TRANSFORMS)
def test_transform_agrees_with_torch(name, pair, inputs):
    ours, theirs = (TRANSFORMS[name](function)(*inputs) for function in pair)
    torch.testing.assert_close(ours, theirs)


def test_reverse_over_forward_is_the_hessian(pair, inputs):
    # torch's own batch_norm fails this: its forward mode treats saved statistics as constants.
    ours, _ = pair
    torch.testing.assert_close(jacrev(jacfwd(ours))(*inputs), jacrev(jacrev(ours))(*inputs))


def test_vmap_over_channels_last_images():
    x = torch.randn(2, 3, 4, 5, 6).permute(0, 1, 4, 2, 3)
    outputs = (
        vmap(lambda x, f=f: f.batch_norm(x, None, None, training=True))(x)
        for f in (F, torch.nn.functional)
    )
    torch.testing.assert_close(*outputs)


def test_jvp_of_evaluation_mode(inputs):
    x, weight = inputs
    mean, var = torch.randn(4).double(), torch.rand(4).double()
    outputs = (
        jvp(lambda x, f=f: f.batch_norm(x, mean, var, weight), (x,), (x**2,))
        for f in (F, torch.nn.functional)
    )
    torch.testing.assert_close(*outputs)


@pytest.mark.parametrize("name", ["BatchNorm1d", "InstanceNorm1d"])
def test_running_statistics_carry_no_tangent_along(name, inputs):
    layer = getattr(bncourse.nn, name)(4, track_running_stats=True, dtype=torch.float64)
    with forward_ad.dual_level():
        layer(forward_ad.make_dual(inputs[0], inputs[0] ** 2))
        assert (layer.running_mean != 0).all()
        assert all(forward_ad.unpack_dual(b).tangent is None for b in layer.buffers())


def test_vmap_over_networks_updates_stacked_statistics(inputs):
    x = torch.stack([inputs[0], 2 * inputs[0]])
    results = []
    for f in (F, torch.nn.functional):
        mean, var = torch.zeros(2, 4).double(), torch.ones(2, 4).double()
        y = vmap(lambda x, m, v, f=f: f.batch_norm(x, m, v, training=True))(x, mean, var)
        results.append((y, mean, var))
    torch.testing.assert_close(*results)


@pytest.mark.parametrize("namespace", [bncourse.nn, torch.nn], ids=["ours", "torch"])
def test_vmap_refuses_to_update_shared_statistics(namespace):
    with pytest.raises(RuntimeError, match=r"self, \*extra_args|updated in place"):
        vmap(namespace.BatchNorm1d(4))(torch.randn(3, 5, 4))


def test_functional_call_differentiates_the_parameters(inputs):
    x, gradients = inputs[0].float(), []
    for namespace in (bncourse.nn, torch.nn):
        layer = namespace.BatchNorm1d(4).eval()
        state = {"weight": torch.arange(4.0), "bias": torch.ones(4)}
        gradients.append(grad(lambda p, m=layer: (functional_call(m, p, x) ** 2).sum())(state))
    torch.testing.assert_close(*gradients)


ARGUMENTS = {"LayerNorm": (5,), "RMSNorm": (5,), "GroupNorm": (2, 4)}
LAYERS = [name for name in bncourse.nn.__all__ if name.endswith(("1d", "rNorm", "pNorm", "SNorm"))]


@pytest.fixture(params=LAYERS)
def layer(request):
    layer = getattr(bncourse.nn, request.param)(*ARGUMENTS.get(request.param, (4,)))
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.normal_()
    return layer


@pytest.mark.parametrize("training", [True, False], ids=["train", "eval"])
def test_compiled_layer_computes_the_same(layer, training):
    torch.compiler.reset()
    layer.train(training)
    x = (3 + torch.randn(3, 4, 5)).requires_grad_()
    results = []
    for function in (torch.compile(layer, backend="aot_eager", fullgraph=True), layer):
        if "running_mean" in layer._buffers and training and layer.track_running_stats:
            layer.reset_running_stats()
        y = function(x)
        gradients = torch.autograd.grad((y**3).sum(), [x, *layer.parameters()])
        results.append([y, *gradients, *(buffer.clone() for buffer in layer.buffers())])
    torch.testing.assert_close(*results)


def test_exported_layer_computes_the_same(layer):
    x = torch.randn(3, 4, 5)
    layer.eval()
    torch.testing.assert_close(torch.export.export(layer, (x,)).module()(x), layer(x))


def test_exported_batch_norm_takes_batches_of_any_size():
    layer = bncourse.nn.BatchNorm2d(4).eval()
    shapes = ({0: torch.export.Dim.DYNAMIC},)
    program = torch.export.export(layer, (torch.randn(3, 4, 5, 5),), dynamic_shapes=shapes)
    x = torch.randn(7, 4, 5, 5)
    torch.testing.assert_close(program.module()(x), layer(x))


class OverLastAxis(torch.nn.Module):
    """A norm over the last axis, whatever its size."""

    def __init__(self, norm):
        super().__init__()
        self.norm = norm

    def forward(self, x):
        return self.norm(x, x.shape[-1:])


@pytest.mark.parametrize("norm", [F.layer_norm, F.rms_norm])
def test_exported_norm_takes_a_last_axis_of_any_size(norm):
    shapes = ({2: torch.export.Dim.DYNAMIC},)
    example = torch.randn(3, 4, 5)
    program = torch.export.export(OverLastAxis(norm), (example,), dynamic_shapes=shapes)
    x = torch.randn(3, 4, 9)
    torch.testing.assert_close(program.module()(x), norm(x, (9,)))


@pytest.mark.filterwarnings("ignore:.torch.jit.trace.:DeprecationWarning")
@pytest.mark.filterwarnings("ignore::torch.jit.TracerWarning")  # the checks are not recorded
def test_traced_layer_computes_the_same_for_another_batch(layer):
    traced = torch.jit.trace(layer, torch.randn(3, 4, 5))
    x = (3 + torch.randn(7, 4, 5)).requires_grad_()
    results = []
    for function in (traced, layer):
        if getattr(layer, "track_running_stats", False):
            layer.reset_running_stats()
        y = function(x)
        gradients = torch.autograd.grad((y**3).sum(), [x, *layer.parameters()])
        results.append([y, *gradients, *(buffer.clone() for buffer in layer.buffers())])
    torch.testing.assert_close(*results)
