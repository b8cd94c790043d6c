"""PyTorch's own samples of linear layers and convolutions, each with a batch norm around it."""

import pytest
import torch
from torch import nn
from torch.testing import assert_close
from torch.testing._internal.common_methods_invocations import op_db
from torch.testing._internal.common_modules import module_db

from bncourse.inference import fold, fold_before
from bncourse.inference.obstacles import LAYERS, TRANSPOSED

pytestmark = pytest.mark.filterwarnings("ignore:Using padding='same':UserWarning")

MODULES = {info.module_cls: info for info in module_db if info.module_cls in LAYERS}
FUNCTIONS = {
    getattr(nn, name): next(op for op in op_db if op.name == f"nn.functional.{function}")
    for name, function in [
        *((f"Conv{n}d", f"conv{n}d") for n in (1, 2, 3)),
        *((f"ConvTranspose{n}d", f"conv_transpose{n}d") for n in (1, 2, 3)),
    ]
}


def test_every_layer_has_samples():
    assert set(MODULES) == set(LAYERS)
    assert set(FUNCTIONS) == set(LAYERS) - {nn.Linear}


def of_modules(kind):
    """Yield layers and inputs from the samples of a module."""
    info = MODULES[kind]
    for sample in info.module_inputs_func(info, "cpu", torch.float64, False, False):
        arguments = sample.constructor_input
        layer = kind(*arguments.args, **arguments.kwargs, dtype=torch.float64)
        call = sample.forward_input
        (x,) = (*call.args, *call.kwargs.values())
        yield layer, x


def of_functions(kind):
    """Yield layers and inputs from the samples of a function."""
    for sample in FUNCTIONS[kind].sample_inputs("cpu", torch.float64) if kind in FUNCTIONS else ():
        weight, *rest = sample.args
        names = ["bias", "stride", "padding", *["output_padding"] * (kind in TRANSPOSED)]
        names += ["groups", "dilation"] if kind in TRANSPOSED else ["dilation", "groups"]
        options = dict(zip(names, rest, strict=False)) | sample.kwargs
        bias, groups = options.pop("bias", None), options.get("groups", 1)
        channels = len(weight), weight.shape[1] * groups
        channels = channels if kind in TRANSPOSED else channels[::-1]
        size = weight.shape[2:]
        layer = kind(*channels, size, bias=bias is not None, dtype=torch.float64, **options)
        state = {"weight": weight} | ({} if bias is None else {"bias": bias})
        layer.load_state_dict(state)
        yield layer, sample.input


def samples(kind):
    for source in (of_modules, of_functions):
        for layer, x in source(kind):
            if x.dim() == layer.weight.dim():  # batch norm needs a batch
                yield layer.eval(), x


@pytest.mark.parametrize("kind", LAYERS)
def test_a_norm_after_the_layer_is_folded(kind, namespace, trained, axes_of):
    checked = 0
    for layer, x in samples(kind):
        y = layer(x)
        bn = trained(getattr(namespace, axes_of(layer))(y.shape[1], dtype=torch.float64))
        assert_close(fold(layer, bn)(x), bn(y))
        checked += 1
    assert checked >= 2


@pytest.mark.parametrize("kind", LAYERS)
def test_a_norm_before_the_layer_is_folded_or_refused_where_the_border_would_differ(
    kind, namespace, trained, axes_of
):
    folded, padded = 0, 0
    for layer, x in samples(kind):
        bn = trained(getattr(namespace, axes_of(layer))(x.shape[1], dtype=torch.float64))
        try:
            new = fold_before(bn, layer)
        except ValueError as error:
            assert "border" in str(error)
            padded += 1
        else:
            assert_close(new(x), layer(bn(x)))
            folded += 1
    assert padded >= 2 if kind in TRANSPOSED else folded >= 2
