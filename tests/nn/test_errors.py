"""Bad input: torch's type of exception, and a message that names, shows and advises."""

import pytest
import torch

import bncourse.nn as nn
import bncourse.nn.functional as F
from bncourse.nn.checks import DtypeError, InputError

X, C3, C4 = torch.randn(2, 4, 5), torch.ones(3), torch.ones(4)
LONE = torch.randn(1, 4)

FUNCTION_CASES = [  # call, what the message must contain
    (lambda f: f.batch_norm([1.0], None, None, training=True), "input .*got list.*as_tensor"),
    (lambda f: f.layer_norm([1.0], (1,)), "input .*got list.*as_tensor"),
    (lambda f: f.batch_norm(X, C3, C3, training=True), "running_mean should contain 4 .*not 3"),
    (lambda f: f.batch_norm(X, C4, C4, C3), "weight should contain 4 elements.*not 3"),
    (lambda f: f.batch_norm(X, C4, C4, None, C3), "bias should contain 4 elements.*not 3"),
    (lambda f: f.batch_norm(X, C4, None, training=True), "running_mean and .*None.*pass both"),
    (lambda f: f.batch_norm(X, None, None), "running_mean and .*training=True"),
    (
        lambda f: f.batch_norm(X, None, None, training=True, eps=0.0),
        "eps .*greater than 0, got 0.0",
    ),
    (lambda f: f.batch_norm(X, C4, C4, eps=-0.1), "eps must be at least 0, got -0.1"),
    (lambda f: f.batch_norm(X, C4, C4, eps="a"), "eps must be a real number, got 'a'"),
    (lambda f: f.batch_norm(X, C4, C4, momentum=None), "momentum .*real number, got None"),
    (
        lambda f: f.batch_norm(LONE, None, None, training=True),
        r"more than 1 value .*\(1, 4\).*more s",
    ),
    (lambda f: f.batch_norm(X.long(), None, None, training=True), "input .*int64.*input.float"),
    (lambda f: f.batch_norm(X + 0j, None, None, training=True), "input .*complex64"),
    (lambda f: f.batch_norm(X, C4, C4, C4.double()), r"float32, but .*weight .*float64.*\.to\("),
    (lambda f: f.instance_norm(X[:, :, :1]), r"more than 1 spatial element.*\(2, 4, 1\)"),
    (lambda f: f.instance_norm(X, weight=C3), "weight"),
    (lambda f: f.instance_norm(X, C4, None), "running_mean and running_var"),
    (lambda f: f.instance_norm(X, use_input_stats=False), "running_mean .*use_input_stats=True"),
    (lambda f: f.group_norm(X, 3), r"num_groups \(3\).*num_channels \(4\)|divisible"),
    (lambda f: f.group_norm(X, -2), r"num_groups \(-2\)"),
    (lambda f: f.group_norm(X, 2.0), "num_groups .*got 2.0"),
    (lambda f: f.group_norm(C4, 2), r"input .*at least 2 axes.*\(4,\).*unsqueeze"),
    (lambda f: f.group_norm(X, 2, C3), r"weight must have shape \(4,\), got \(3,\)"),
    (lambda f: f.group_norm(LONE, 4), r"more than 1 value .*\(1, 4\)"),
    (lambda f: f.group_norm(X, 2, C4.bfloat16()), "weight torch.bfloat16"),
    (lambda f: f.layer_norm(X, (4,)), r"normalized_shape .*\(4,\).*\(2, 4, 5\)"),
    (lambda f: f.layer_norm(X, ()), r"normalized_shape .*got \(\)"),
    (lambda f: f.layer_norm(X, 5), r"normalized_shape .*got 5.*\(size,\)"),
    (lambda f: f.layer_norm(X, (5.0,)), "normalized_shape .*got 5.0"),
    (lambda f: f.layer_norm(X, (5,), C4), r"weight must have shape \(5,\), got \(4,\)"),
    (lambda f: f.layer_norm(X, (5,), None, C4), r"bias must have shape \(5,\), got \(4,\)"),
    (lambda f: f.layer_norm(X.long(), (5,)), "input .*int64"),
    (lambda f: f.rms_norm(X, (2, 4, 5, 5)), "normalized_shape .*change one or the other"),
    (lambda f: f.rms_norm(X, (5,), C4), r"weight must have shape \(5,\), got \(4,\)"),
    (lambda f: f.rms_norm(X.long(), (5,)), "input .*int64"),
]
LAYER_CASES = [
    (lambda n: n.BatchNorm1d(-1), "num_features .*got -1"),
    (lambda n: n.BatchNorm1d(2.5), "num_features .*got 2.5"),
    (lambda n: n.BatchNorm1d(True), "num_features .*got True"),
    (lambda n: n.LayerNorm(-1), "normalized_shape .*got -1"),
    (lambda n: n.LayerNorm(2.5), "normalized_shape .*got 2.5"),
    (lambda n: n.RMSNorm("ab"), "normalized_shape .*got 'ab'|got 'a'"),
    (lambda n: n.GroupNorm(3, 4), r"num_groups \(3\)"),
    (lambda n: n.GroupNorm(True, 4)(X), "num_groups .*got True"),
    (lambda n: n.GroupNorm(2, -4), "num_channels .*got -4"),
    (
        lambda n: n.BatchNorm1d(4)(torch.ones(2, 4, 1, 1)),
        r"2D or 3D .*\(2, 4, 1, 1\).*another number",
    ),
    (lambda n: n.BatchNorm2d(4)(X), r"4D input .*3D input of shape \(2, 4, 5\)"),
    (lambda n: n.BatchNorm3d(4)(X), "5D input"),
    (lambda n: n.InstanceNorm1d(4)(C4), "2D or 3D"),
    (lambda n: n.InstanceNorm1d(3, affine=True)(X), r"dim=1 .*num_features \(3\), but got: 4"),
    (lambda n: n.BatchNorm1d(3)(X), "should contain 4 elements.*not 3"),
    (lambda n: n.BatchNorm1d(4, eps=0)(X), "eps must be greater than 0, got 0"),
]


def raised(call, namespace):
    with pytest.raises(Exception) as caught:  # noqa: PT011 (the type is what is compared)
        call(namespace)
    return caught.value


@pytest.mark.parametrize(("call", "message"), FUNCTION_CASES)
def test_function_raises_torchs_exception_and_says_what_to_do(call, message):
    theirs = raised(call, torch.nn.functional)
    expected = TypeError if isinstance(theirs, AttributeError) else type(theirs)
    with pytest.raises(expected, match=message) as caught:
        call(F)
    assert isinstance(caught.value, (TypeError, ValueError))


@pytest.mark.parametrize(("call", "message"), LAYER_CASES)
def test_layer_raises_torchs_exception_and_says_what_to_do(call, message):
    theirs = raised(call, torch.nn)
    with pytest.raises(type(theirs), match=message) as caught:
        call(nn)
    assert isinstance(caught.value, (TypeError, ValueError))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: F.group_norm(X, 0), r"num_groups \(0\) must be positive"),
        (lambda: nn.GroupNorm(0, 4), r"num_groups \(0\) must be positive"),
        (lambda: nn.GroupNorm(-2, 4), r"num_groups \(-2\) must be positive"),
        (lambda: F.batch_norm(C4, None, None, training=True), "at least 2 axes"),
    ],
)
def test_what_torch_lets_pass_or_reports_by_accident_is_refused(call, message):
    with pytest.raises(InputError, match=message):
        call()


def test_exceptions_are_what_torch_raises_and_what_python_would():
    assert issubclass(InputError, RuntimeError) and issubclass(InputError, ValueError)
    assert issubclass(DtypeError, NotImplementedError) and issubclass(DtypeError, TypeError)


def test_failed_call_leaves_the_running_statistics_alone():
    mean, var = torch.zeros(4), torch.ones(4)
    with pytest.raises(InputError):
        F.batch_norm(X, mean, var, C3, training=True)
    assert (mean == 0).all() and (var == 1).all()


@pytest.mark.parametrize("namespace", [nn, torch.nn], ids=["ours", "torch"])
def test_unused_number_of_channels_is_only_warned_about(namespace):
    with pytest.warns(UserWarning, match="dim=1.* does not match num_features"):
        y = namespace.InstanceNorm1d(3)(X)
    assert y.shape == X.shape
