"""One layer in place of a layer and a batch norm: the same numbers, dtype, device and gradients."""

import copy

import pytest
import torch
from torch import nn
from torch.nn.utils import fusion, parametrizations, prune
from torch.testing import assert_close

from bncourse.inference import fold, fold_before
from bncourse.nn import BatchRenorm, GhostBatchNorm

LAYERS = {  # layer, size of the input without samples
    "linear": (lambda **o: nn.Linear(4, 6, **o), (4,)),
    "conv1d": (lambda **o: nn.Conv1d(4, 6, 3, stride=2, padding=2, **o), (4, 9)),
    "conv2d": (lambda **o: nn.Conv2d(4, 6, (3, 2), padding="same", dilation=2, **o), (4, 7, 6)),
    "conv3d": (lambda **o: nn.Conv3d(4, 6, 2, groups=2, padding=1, **o), (4, 3, 4, 3)),
    "depthwise": (lambda **o: nn.Conv2d(3, 6, 3, groups=3, **o), (3, 5, 5)),
    "reflecting": (
        lambda **o: nn.Conv2d(4, 6, 3, padding=1, padding_mode="reflect", **o),
        (4, 5, 5),
    ),
    "transposed1d": (lambda **o: nn.ConvTranspose1d(4, 6, 3, stride=2, **o), (4, 5)),
    "transposed2d": (
        lambda **o: nn.ConvTranspose2d(4, 6, 3, stride=2, padding=1, groups=2, **o),
        (4, 5, 5),
    ),
    "transposed3d": (
        lambda **o: nn.ConvTranspose3d(4, 6, 3, 2, output_padding=1, dilation=2, **o),
        (4, 3, 2, 3),
    ),
}


@pytest.fixture(params=LAYERS)
def name(request):
    return request.param


@pytest.fixture
def pair(name, namespace, trained, axes_of):
    """Return a maker of a layer and a batch norm after it, in float64."""

    def make(bias=True, **options):
        layer = LAYERS[name][0](bias=bias).double()
        norm = getattr(namespace, axes_of(layer))(6, dtype=torch.float64, **options)
        return layer.eval(), trained(norm)

    return make


def sample(name, n=5):
    return 1 + 2 * torch.randn(n, *LAYERS[name][1], dtype=torch.float64)


@pytest.mark.parametrize("options", [{}, {"affine": False}, {"bias": False}, {"eps": 0.5}], ids=str)
@pytest.mark.parametrize("layer_bias", [True, False])
def test_one_layer_computes_what_two_did(name, pair, layer_bias, options):
    layer, bn = pair(layer_bias, **{k: v for k, v in options.items() if k != "bias"})
    if "bias" in options:
        bn.bias = None
    x = sample(name)
    folded = fold(layer, bn)
    assert type(folded) is type(layer) and not folded.training
    assert_close(folded(x), bn(layer(x)))


def by_torch(layer, bn):
    if isinstance(layer, nn.Linear):
        return fusion.fuse_linear_bn_eval(layer, bn)
    return fusion.fuse_conv_bn_eval(layer, bn, transpose=layer.transposed)


def test_torchs_own_function_gives_the_same_parameters(name, pair):
    layer, bn = pair()
    if name == "transposed2d":  # groups, for which torch has no rule there
        with pytest.raises(RuntimeError, match="size of tensor"):
            by_torch(layer, bn)
    else:
        assert_close(fold(layer, bn).state_dict(), by_torch(layer, bn).state_dict())


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16], ids=str)
def test_parameters_are_rounded_once(name, pair, dtype):
    layer, bn = (part.to(dtype) for part in pair())
    folded = fold(layer, bn)
    exact = fold(copy.deepcopy(layer).double(), copy.deepcopy(bn).double())
    for key, found in folded.state_dict().items():
        assert found.dtype == dtype and found.device == layer.weight.device
        assert torch.equal(found, exact.state_dict()[key].to(dtype))


def test_a_norm_in_float32_is_folded_into_a_layer_of_16_bits(namespace, trained):
    layer, bn = nn.Linear(4, 6, dtype=torch.bfloat16).eval(), trained(namespace.BatchNorm1d(6))
    folded = fold(layer, bn)
    assert {p.dtype for p in folded.parameters()} == {torch.bfloat16}
    exact = fold(copy.deepcopy(layer).double(), bn)
    assert torch.equal(folded.weight, exact.weight.bfloat16())


def test_layout_in_memory_is_kept(namespace, trained):
    layer = nn.Conv2d(4, 6, 3).to(memory_format=torch.channels_last).eval()
    folded = fold(layer, trained(namespace.BatchNorm2d(6)))
    assert folded.weight.is_contiguous(memory_format=torch.channels_last)
    assert not folded.weight.is_contiguous()


def test_both_are_left_as_they_were(pair):
    parts = pair()
    before = copy.deepcopy([part.state_dict() for part in parts])
    folded = fold(*parts)
    with torch.no_grad():
        for parameter in folded.parameters():
            parameter.fill_(7)
    assert_close([part.state_dict() for part in parts], before, rtol=0, atol=0)


@pytest.mark.parametrize(
    ("layer_needs", "bias", "norm_needs", "expected"),
    [
        (True, True, True, [True, True]),
        (False, True, False, [False, False]),
        (True, False, False, [True, False]),
        (False, True, True, [True, True]),
        (True, True, None, [True, True]),
        (True, False, None, [True, False]),
    ],
)
def test_a_parameter_needs_a_gradient_if_one_that_it_replaces_does(
    namespace, trained, layer_needs, bias, norm_needs, expected
):
    layer = nn.Linear(4, 6, bias=bias).eval().requires_grad_(layer_needs)
    bn = trained(namespace.BatchNorm1d(6, affine=norm_needs is not None))
    bn.requires_grad_(bool(norm_needs))
    folded = fold(layer, bn)
    assert [p.requires_grad for p in folded.parameters()] == expected
    assert all(p.is_leaf for p in folded.parameters())


def test_sync_batch_norm_is_a_batch_norm(trained):
    layer, bn = nn.Linear(4, 6).double().eval(), trained(nn.SyncBatchNorm(6).double())
    x = torch.randn(5, 4, dtype=torch.float64)
    assert_close(fold(layer, bn)(x), bn(layer(x)))


@pytest.mark.parametrize("bn", [GhostBatchNorm(6, 2), BatchRenorm(6)], ids=["ghost", "renorm"])
def test_relatives_that_evaluate_as_batch_norm_does_are_folded(bn, trained):
    layer, bn = nn.Linear(4, 6).double().eval(), trained(bn.double())
    x = torch.randn(5, 4, dtype=torch.float64)
    assert_close(fold(layer, bn)(x), bn(layer(x)))


def eye(namespace, **options):
    return namespace.BatchNorm1d(4, **options)


def pruned(layer):
    prune.l1_unstructured(layer, "weight", 0.5)
    return layer


def hooked(layer):
    layer.register_forward_hook(lambda *_: None)
    return layer


REFUSED = [
    (lambda n: (nn.Linear(3, 4), eye(n).eval()), "the Linear is in training mode.*call eval"),
    (lambda n: (nn.Linear(3, 4).eval(), eye(n)), "the BatchNorm1d is in training mode.*call eval"),
    (
        lambda n: (nn.Linear(3, 4).eval(), eye(n, track_running_stats=False).eval()),
        "no running statistics .track_running_stats=False.*keep it",
    ),
    (lambda n: (nn.Linear(4, 3).eval(), eye(n).eval()), "num_features=4, but .* gives 3"),
    (lambda n: (nn.ReLU().eval(), eye(n).eval()), "ReLU is no Linear, Conv or"),
    (lambda n: (nn.Bilinear(3, 3, 4).eval(), eye(n).eval()), "Bilinear is no Linear, Conv or"),
    (lambda n: (nn.Linear(3, 4).eval(), n.LayerNorm(4).eval()), "LayerNorm is no batch norm"),
    (lambda n: (nn.Linear(3, 4).eval(), n.InstanceNorm1d(4).eval()), "InstanceNorm1d is no batch"),
    (lambda n: (pruned(nn.Linear(3, 4)).eval(), eye(n).eval()), "computed anew.*permanent first"),
    (
        lambda n: (parametrizations.weight_norm(nn.Linear(3, 4)).eval(), eye(n).eval()),
        "ParametrizedLinear is no Linear",
    ),
    (lambda n: (hooked(nn.Linear(3, 4)).eval(), eye(n).eval()), "the Linear has hooks.*remove"),
    (lambda n: (nn.Linear(3, 4).eval(), hooked(eye(n)).eval()), "the BatchNorm1d has hooks"),
]


@pytest.mark.parametrize(("make", "message"), REFUSED)
def test_what_would_go_wrong_is_refused(make, message, namespace):
    with pytest.raises(ValueError, match=f"cannot fold: .*{message}"):
        fold(*make(namespace))


@pytest.mark.parametrize("half", ["linear", "norm"])
def test_a_forgotten_half_of_eval_is_refused_in_either_order(half, namespace):
    layer, bn = nn.Linear(4, 4).train(half == "linear"), eye(namespace).train(half == "norm")
    for call in (lambda: fold(layer, bn), lambda: fold_before(bn, layer)):
        with pytest.raises(ValueError, match="is in training mode"):
            call()
