"""PyTorch's own sample inputs for its functions and modules, error inputs included."""

import copy

import pytest
import torch
from torch.testing._internal.common_methods_invocations import op_db
from torch.testing._internal.common_modules import module_db
from torch.testing._internal.common_utils import noncontiguous_like

import bncourse.nn as nn
import bncourse.nn.functional as F

NAMES = ("batch_norm", "layer_norm", "group_norm", "instance_norm", "rms_norm")
FUNCTIONS = {op.name.rpartition(".")[2]: op for op in op_db if not op.variant_test_name}
FUNCTIONS = {name: FUNCTIONS[name] for name in NAMES}
MODULES = {info.name.rpartition(".")[2]: info for info in module_db}
MODULES = {name: info for name, info in MODULES.items() if name in nn.__all__}


def test_every_name_has_samples():
    assert all(op.name == f"nn.functional.{name}" for name, op in FUNCTIONS.items())
    assert set(MODULES) == set(nn.__all__) - {"functional", "GhostBatchNorm", "BatchRenorm"}


def clone(value, transform=torch.clone):
    """Copy the tensors in a sample: running statistics are changed in place."""
    if isinstance(value, torch.Tensor):
        return transform(value.detach()).requires_grad_(value.requires_grad)
    if isinstance(value, (list, tuple)):
        return type(value)(clone(item, transform) for item in value)
    if isinstance(value, dict):
        return {key: clone(item, transform) for key, item in value.items()}
    return value


def run(function, sample, transform=torch.clone, order=1):
    """Return the output, gradients up to ``order``, and all arguments as they are afterwards."""
    args, kwargs = clone(((sample.input, *sample.args), sample.kwargs), transform)
    y = function(*args, **kwargs)
    everything = [t for t in (*args, *kwargs.values()) if isinstance(t, torch.Tensor)]
    leaves = [t for t in everything if t.requires_grad]
    weights = torch.linspace(-1, 1, y.numel(), dtype=y.dtype).reshape(y.shape)
    results, value = [y, *everything], ((y + weights * y**2) * weights).sum().abs()
    for _ in range(order):
        # The second term keeps the graph where the batch is empty.
        value = value + sum(0 * leaf.abs().sum() for leaf in leaves)
        gradients = torch.autograd.grad(value, leaves, create_graph=order > 1)
        value = sum((g.abs() ** 2).sum() for g in gradients)
        results += gradients
    return results


def samples(op, dtype):
    for sample in op.reference_inputs("cpu", dtype, requires_grad=True):
        if all(torch.isfinite(t).all() for t in run(op.op, sample)):  # eps=-0.5 may give NaN
            yield sample


@pytest.mark.parametrize("dtype", [torch.float64, torch.complex128], ids=str)
@pytest.mark.parametrize("name", FUNCTIONS)
def test_function_agrees_in_value_and_gradient(name, dtype):
    op, checked = FUNCTIONS[name], 0
    for sample in samples(op, dtype) if dtype in op.dtypes else ():
        torch.testing.assert_close(run(getattr(F, name), sample), run(op.op, sample))
        checked += 1
    assert checked >= 6 or dtype.is_complex and name != "rms_norm"


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16], ids=str)
@pytest.mark.parametrize("name", FUNCTIONS)
def test_function_in_low_precision_is_as_accurate_as_torch(name, dtype):
    op = FUNCTIONS[name]
    for sample in samples(op, dtype):
        ours, theirs = run(getattr(F, name), sample), run(op.op, sample)
        exact = run(op.op, sample, torch.Tensor.double)
        largest = max((t.abs().max() for t in exact if t.numel()), default=0)
        for mine, other, truth in zip(ours, theirs, exact, strict=True):
            assert mine.dtype == other.dtype
            allowed = 2 * distance(other, truth) + 4 * torch.finfo(dtype).eps * largest
            assert distance(mine, truth) <= allowed


def distance(a, b):
    return (a - b).abs().max() if a.numel() else 0


@pytest.mark.parametrize("name", FUNCTIONS)
def test_function_agrees_in_second_gradient(name):
    for sample in samples(FUNCTIONS[name], torch.float64):
        ours = run(getattr(F, name), sample, order=2)
        torch.testing.assert_close(ours, run(FUNCTIONS[name].op, sample, order=2))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_function_agrees_on_non_contiguous_arguments(name):
    for sample in samples(FUNCTIONS[name], torch.float64):
        ours = run(getattr(F, name), sample, noncontiguous_like)
        torch.testing.assert_close(ours, run(FUNCTIONS[name].op, sample))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_finite_differences_confirm_second_gradient(name):
    sample = next(iter(samples(FUNCTIONS[name], torch.float64)))
    tensors = [t for t in (sample.input, *sample.args, *sample.kwargs.values())]
    tensors = [t for t in tensors if isinstance(t, torch.Tensor) and t.requires_grad]
    statistics = {k: v for k, v in sample.kwargs.items() if k.startswith("running")}

    def function(*_):
        return getattr(F, name)(sample.input, *sample.args, **sample.kwargs | clone(statistics))

    assert torch.autograd.gradgradcheck(function, tensors)


@pytest.mark.parametrize("name", [name for name, op in FUNCTIONS.items() if op.error_inputs_func])
def test_function_raises_as_torch_does(name):
    for error in FUNCTIONS[name].error_inputs("cpu"):
        sample = error.sample_input
        with pytest.raises(error.error_type, match="must|Expected"):
            getattr(F, name)(sample.input, *sample.args, **sample.kwargs)


@pytest.mark.parametrize("training", [True, False], ids=["train", "eval"])
@pytest.mark.parametrize("name", MODULES)
def test_module_agrees_in_value_gradients_and_state(name, training, assert_same):
    info = MODULES[name]
    for sample in info.module_inputs_func(info, "cpu", torch.float64, True, training):
        constructor = sample.constructor_input
        ours = getattr(nn, name)(*constructor.args, **constructor.kwargs).double().train(training)
        theirs = info.module_cls(*constructor.args, **constructor.kwargs).double().train(training)
        assert repr(ours) == repr(theirs)
        torch.testing.assert_close(ours.state_dict(), theirs.state_dict())
        with torch.no_grad():
            for parameter in theirs.parameters():
                parameter.normal_()
        ours.load_state_dict(copy.deepcopy(theirs.state_dict()))
        assert_same(ours, theirs, *sample.forward_input.args, **sample.forward_input.kwargs)


WITH_ERRORS = [name for name, info in MODULES.items() if info.module_error_inputs_func]


@pytest.mark.parametrize("name", WITH_ERRORS)
def test_module_raises_as_torch_does(name):
    info = MODULES[name]
    for error in info.module_error_inputs_func(info, "cpu", torch.float32, False, True):
        sample = error.module_error_input
        arguments = sample.constructor_input
        with pytest.raises(error.error_type, match=r"got|should contain|\(\d+\)"):
            layer = getattr(nn, name)(*arguments.args, **arguments.kwargs)
            layer(*sample.forward_input.args, **sample.forward_input.kwargs)
