"""`SyncBatchNorm` in one process: a drop-in, plain batch norm, and conversion."""

import copy
import inspect
import pickle

import pytest
import torch

import bncourse.nn
from bncourse.distributed import SyncBatchNorm, convert_sync_batchnorm
from bncourse.distributed.threads import run_together

OPTIONS = [{}, {"bias": False}, {"affine": False}, {"momentum": None}]
OPTIONS += [{"track_running_stats": False}]


@pytest.mark.parametrize("function", ["__init__", "forward"])
def test_signatures_are_torchs(function):
    outlines = [
        [(p.name, p.kind, p.default) for p in inspect.signature(method).parameters.values()]
        for method in (getattr(SyncBatchNorm, function), getattr(torch.nn.SyncBatchNorm, function))
    ]
    assert outlines[0] == outlines[1]


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_fresh_layer_has_torchs_repr_and_state(options):
    ours, theirs = SyncBatchNorm(3, **options), torch.nn.SyncBatchNorm(3, **options)
    assert repr(ours) == repr(theirs)
    torch.testing.assert_close(dict(ours.state_dict()), dict(theirs.state_dict()))
    assert ours.state_dict()._metadata == theirs.state_dict()._metadata
    public = {key for key in vars(theirs) if not key.startswith("_")}
    assert {key: getattr(ours, key) for key in public} == {k: getattr(theirs, k) for k in public}


@pytest.mark.parametrize("training", [True, False], ids=["train", "eval"])
@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_alone_it_is_plain_batch_norm(options, training):
    x = 3 + 2 * torch.randn(4, 3, 5)
    ours = SyncBatchNorm(3, **options).train(training)
    theirs = torch.nn.SyncBatchNorm(3, **options).train(training)
    torch.testing.assert_close(ours(x), theirs(x))
    torch.testing.assert_close(dict(ours.state_dict()), dict(theirs.state_dict()))


def test_a_single_member_is_alone():
    x = 3 + torch.randn(4, 3)
    (y,) = run_together(lambda replica: SyncBatchNorm(3, process_group=replica)(x), 1)
    torch.testing.assert_close(y, torch.nn.BatchNorm1d(3)(x))


def test_evaluation_asks_nobody():
    x = 3 + torch.randn(4, 3)
    outputs = run_together(lambda r: SyncBatchNorm(3, process_group=r).eval()(x[r.rank :]), 2)
    torch.testing.assert_close(outputs[1], torch.nn.BatchNorm1d(3).eval()(x[1:]))


@pytest.mark.parametrize("change", [copy.deepcopy, lambda layer: pickle.loads(pickle.dumps(layer))])
def test_layer_can_be_copied(change):
    layer = SyncBatchNorm(3)
    layer.running_mean.add_(2)
    torch.testing.assert_close(dict(change(layer).state_dict()), dict(layer.state_dict()))


BAD = [  # input, C, message
    (torch.ones(3), 3, r"at least 2D input \(got 1D.*\(3,\).*unsqueeze"),
    (torch.ones(2, 0), 0, r"channels should be non-zero.*\(2, 0\).*second axis"),
    (torch.ones(4, 2), 3, "running_mean should contain 2 elements.*not 3"),
]


@pytest.mark.parametrize("size", [1, 2])
@pytest.mark.parametrize(("x", "channels", "message"), BAD)
def test_bad_input_is_an_error_alone_and_before_others_wait(x, channels, message, size):
    with pytest.raises(ValueError, match=message):
        run_together(lambda replica: SyncBatchNorm(channels, process_group=replica)(x), size)


def test_dtypes_that_do_not_go_together_are_refused_before_the_others_wait():
    def work(replica):
        return SyncBatchNorm(3, process_group=replica)(torch.ones(2, 3).double())

    with pytest.raises(TypeError, match="input is torch.float64, but .*weight torch.float32"):
        run_together(work, 2)


@pytest.mark.parametrize("room", [torch.nn, bncourse.nn], ids=["torch.nn", "bncourse.nn"])
@pytest.mark.parametrize("dims", [1, 2, 3])
@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_conversion_keeps_tensors_options_and_mode(room, dims, options):
    norm = getattr(room, f"BatchNorm{dims}d")(3, eps=0.1, **options).double().eval()
    state = dict(norm.named_parameters()) | dict(norm.named_buffers())
    network = torch.nn.Sequential(torch.nn.Identity(), torch.nn.Sequential(norm)).train()
    norm.eval()
    assert convert_sync_batchnorm(network) is network
    new = network[1][0]
    assert type(new) is SyncBatchNorm
    found = dict(new.named_parameters()) | dict(new.named_buffers())
    assert found.keys() == state.keys()
    assert all(found[name] is state[name] for name in state)
    assert not new.training and network.training
    assert repr(new) == repr(norm).replace(f"BatchNorm{dims}d", "SyncBatchNorm")
    assert new.label == "layer '1.0'"


def test_conversion_of_a_norm_itself_returns_what_replaces_it():
    group = object()
    new = convert_sync_batchnorm(torch.nn.SyncBatchNorm(3), group)
    assert type(new) is SyncBatchNorm and new.process_group is group
    assert convert_sync_batchnorm(new).process_group is None


def test_conversion_keeps_one_layer_in_two_places_one():
    norm = torch.nn.BatchNorm1d(3)
    network = convert_sync_batchnorm(torch.nn.Sequential(norm, torch.nn.ReLU(), norm))
    assert network[0] is network[2]
    assert type(network[0]) is SyncBatchNorm


def test_conversion_leaves_other_norms_alone():
    layers = [torch.nn.InstanceNorm2d(3), torch.nn.GroupNorm(1, 3), bncourse.nn.LayerNorm(3)]
    network = convert_sync_batchnorm(torch.nn.Sequential(*layers))
    assert list(network) == layers


def test_conversion_refuses_a_layer_that_does_not_know_its_channels():
    network = torch.nn.Sequential(torch.nn.LazyBatchNorm1d())
    with pytest.raises(ValueError, match="layer '0' is a LazyBatchNorm1d.*send one through"):
        convert_sync_batchnorm(network)
