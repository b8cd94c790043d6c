"""``import bncourse.nn as nn`` in place of ``torch.nn``: everything but the arithmetic."""

import copy
import inspect
import io
import pickle

import pytest
import torch
import torch.utils.checkpoint
from torch.nn.utils import prune

import bncourse.nn

OTHERS = ("functional", "GhostBatchNorm", "BatchRenorm")
LAYERS = [name for name in bncourse.nn.__all__ if name not in OTHERS]
CHANNEL_LAYERS = [name for name in LAYERS if name.startswith(("Batch", "Instance"))]
FUNCTIONS = ("batch_norm", "instance_norm", "layer_norm", "rms_norm", "group_norm")
ARGUMENTS = {"LayerNorm": ((4, 5),), "RMSNorm": ((4, 5),), "GroupNorm": (2, 6)}
SHAPES = {"1d": (3, 6, 5), "2d": (3, 6, 4, 5), "3d": (3, 6, 2, 4, 5), "rm": (3, 6, 4, 5)}


def arguments(name):
    return ARGUMENTS.get(name, (6,))


def outline(function):
    parameters = inspect.signature(function).parameters.values()
    return [(p.name, p.kind, p.default) for p in parameters]


@pytest.mark.parametrize("name", LAYERS)
def test_constructor_and_call_have_torchs_signatures(name):
    ours, theirs = getattr(bncourse.nn, name), getattr(torch.nn, name)
    assert outline(ours) == outline(theirs)
    assert outline(ours.forward) == outline(theirs.forward)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_function_has_torchs_signature(name):
    ours = getattr(bncourse.nn.functional, name)
    assert outline(ours) == outline(getattr(torch.nn.functional, name))


@pytest.mark.parametrize("name", LAYERS)
def test_nothing_is_inherited_from_torchs_norms(name):
    ancestors = getattr(bncourse.nn, name).__mro__
    assert not [c for c in ancestors if c.__module__.startswith("torch.nn.modules.") and
                c is not torch.nn.Module]  # fmt: skip


def configurations(name):
    options = [{}, {"bias": False}, {"eps": 0.1}, {"dtype": torch.float64}]
    if name == "RMSNorm":
        options.remove({"bias": False})
    switch = "affine" if name not in ("LayerNorm", "RMSNorm") else "elementwise_affine"
    options += [{switch: False}, {switch: True}]
    if name in CHANNEL_LAYERS:
        options += [{"track_running_stats": False}, {"track_running_stats": True}]
        options += [{"track_running_stats": True, "momentum": momentum} for momentum in (None, 0.7)]
        options += [{"track_running_stats": True, "affine": False}]
    return [pytest.param(name, option, id=f"{name}-{option}") for option in options]


EVERY_CONFIGURATION = [c for name in LAYERS for c in configurations(name)]


@pytest.mark.parametrize(("name", "options"), EVERY_CONFIGURATION)
def test_fresh_layer_has_torchs_repr_and_state(name, options):
    ours = getattr(bncourse.nn, name)(*arguments(name), **options)
    theirs = getattr(torch.nn, name)(*arguments(name), **options)
    assert repr(ours) == repr(theirs)
    assert list(ours.state_dict()) == list(theirs.state_dict())
    assert ours.state_dict()._metadata == theirs.state_dict()._metadata
    torch.testing.assert_close(ours.state_dict(), theirs.state_dict())
    assert dict(ours.named_parameters()).keys() == dict(theirs.named_parameters()).keys()
    public = {key for key in vars(theirs) if not key.startswith("_")}
    assert {key: getattr(ours, key) for key in public} == {k: getattr(theirs, k) for k in public}


@pytest.mark.parametrize("training", [True, False], ids=["train", "eval"])
@pytest.mark.parametrize(("name", "options"), EVERY_CONFIGURATION)
def test_every_configuration_computes_what_torch_does(
    name, options, training, twins, assert_same, hard
):
    ours, theirs = twins(name, *arguments(name), **options)
    x = hard(*SHAPES[name[-2:]], dtype=torch.float64)
    for layer in (ours, theirs):
        layer.double().train(training)
    for _ in range(2):  # the second time with statistics that have moved
        assert_same(ours, theirs, x, rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("name", LAYERS)
def test_checkpoints_pass_both_ways(name):
    kwargs = {"affine": True, "track_running_stats": True} if name in CHANNEL_LAYERS else {}
    ours, theirs = (
        getattr(namespace, name)(*arguments(name), **kwargs)
        for namespace in (bncourse.nn, torch.nn)
    )
    for source, target in ((theirs, ours), (ours, theirs)):
        for value in source.state_dict().values():
            value.copy_(torch.randint(1, 9, value.shape))
        file = io.BytesIO()
        torch.save(source.state_dict(), file)
        file.seek(0)
        target.load_state_dict(torch.load(file, weights_only=True), strict=True)
        torch.testing.assert_close(target.state_dict(), source.state_dict(), rtol=0, atol=0)


def version_1(layer):
    """Return the state as PyTorch stored it before it counted batches."""
    state = copy.deepcopy(layer.state_dict())
    del state["num_batches_tracked"]
    state._metadata[""] = {"version": 1}
    return state


@pytest.mark.parametrize("device", ["cpu", "meta"])
@pytest.mark.parametrize("namespace", [bncourse.nn, torch.nn], ids=["ours", "torch"])
def test_version_1_checkpoint_loads_and_keeps_the_count(namespace, device):
    layer = namespace.BatchNorm1d(3, device=device)
    if device == "cpu":
        layer.num_batches_tracked.fill_(5)
    state = version_1(torch.nn.BatchNorm1d(3))
    layer.load_state_dict(state, strict=True, assign=True)
    assert layer.num_batches_tracked.item() == (5 if device == "cpu" else 0)


def test_current_checkpoint_without_the_count_is_refused():
    state = torch.nn.BatchNorm1d(3).state_dict()
    del state["num_batches_tracked"]
    with pytest.raises(RuntimeError, match="Missing key.*num_batches_tracked"):
        bncourse.nn.BatchNorm1d(3).load_state_dict(state)


def test_instance_norm_refuses_stray_statistics_of_old_checkpoints():
    state = {"running_mean": torch.zeros(3), "running_var": torch.ones(3)}
    advice = "running_mean and running_var .*track_running_stats=True"
    with pytest.raises(RuntimeError, match=advice) as caught:
        bncourse.nn.InstanceNorm1d(3).load_state_dict(state)
    assert "Unexpected key" not in str(caught.value)  # the advice is enough


@pytest.mark.parametrize("name", LAYERS)
@pytest.mark.parametrize("how", [copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m))])
def test_copies_are_equal_and_independent(name, how, hard):
    kwargs = {"affine": True, "track_running_stats": True} if name in CHANNEL_LAYERS else {}
    layer = getattr(bncourse.nn, name)(*arguments(name), **kwargs)
    layer(hard(*SHAPES[name[-2:]], dtype=torch.float32))
    twin, before = how(layer), copy.deepcopy(layer.state_dict())
    torch.testing.assert_close(twin.state_dict(), before)
    with torch.no_grad():
        for value in layer.state_dict().values():
            value.add_(1)
    torch.testing.assert_close(twin.state_dict(), before)


@pytest.mark.parametrize("name", LAYERS)
def test_meta_device_gives_shapes_without_numbers(name):
    layer = getattr(bncourse.nn, name)(*arguments(name), device="meta")
    x = torch.empty(SHAPES[name[-2:]], device="meta", requires_grad=True)
    y = layer(x)
    y.sum().backward()
    assert y.is_meta and y.shape == x.grad.shape == x.shape
    assert all(tensor.is_meta for tensor in layer.state_dict().values())


@pytest.mark.parametrize("name", LAYERS)
def test_skip_init_finds_the_device_argument(name):
    layer = torch.nn.utils.skip_init(getattr(bncourse.nn, name), *arguments(name))
    assert all(p.device.type == "cpu" for p in layer.parameters())


@pytest.mark.parametrize("momentum", [0.1, None])
@pytest.mark.parametrize("updates", [1, 10, 1000])
def test_running_statistics_are_the_average_in_closed_form(updates, momentum):
    layer = bncourse.nn.BatchNorm1d(3, momentum=momentum).double()
    batches = 3 + 2 * torch.randn(updates, 8, 3, dtype=torch.float64)
    for batch in batches:
        layer(batch)
    age = torch.arange(updates - 1, -1, -1, dtype=torch.float64)[:, None]
    weights = momentum * (1 - momentum) ** age if momentum else torch.full_like(age, 1 / updates)
    start = 1 - weights.sum()
    torch.testing.assert_close(layer.running_mean, (weights * batches.mean(1)).sum(0))
    torch.testing.assert_close(layer.running_var, start + (weights * batches.var(1)).sum(0))
    assert layer.num_batches_tracked == updates


def test_instance_norm_counts_no_batches():
    layer = bncourse.nn.InstanceNorm1d(3, track_running_stats=True)
    layer(torch.randn(2, 3, 4))
    assert layer.num_batches_tracked == 0
    assert (layer.running_mean != 0).all()


def test_turning_tracking_off_freezes_the_statistics_in_training(twins, assert_same, hard):
    layers = twins("BatchNorm1d", 3, dtype=torch.float64)
    before = copy.deepcopy(layers[0].state_dict())
    for layer in layers:
        layer.track_running_stats = False
    assert_same(*layers, hard(5, 3))
    torch.testing.assert_close(layers[0].state_dict(), before)


def test_reset_restores_the_state_of_a_fresh_layer(twins):
    layer, _ = twins("BatchNorm2d", 3)
    layer.reset_running_stats()
    assert not (layer.weight == 1).all()
    layer.reset_parameters()
    torch.testing.assert_close(layer.state_dict(), bncourse.nn.BatchNorm2d(3).state_dict())


def test_statistics_carry_no_graph_along(hard):
    layer = bncourse.nn.BatchNorm1d(3, dtype=torch.float64)
    for _ in range(2):
        layer(hard(5, 3))
    assert layer.running_mean.grad_fn is None and not layer.running_var.requires_grad


@pytest.mark.parametrize("name", ["InstanceNorm1d", "InstanceNorm2d", "InstanceNorm3d"])
def test_unbatched_input_is_a_batch_of_one(name, twins, assert_same, hard):
    ours, theirs = twins(name, 6, affine=True, track_running_stats=True, dtype=torch.float64)
    x = hard(*SHAPES[name[-2:]], requires_grad=False)[0].requires_grad_()
    assert_same(ours, theirs, x, rtol=1e-5, atol=1e-7)
    assert ours(x).shape == x.shape


def network(nn, classes=3):
    """A network with every kind of norm."""
    layers = torch.nn
    return layers.Sequential(
        layers.Conv2d(1, 8, 3), nn.BatchNorm2d(8), layers.ReLU(),
        layers.Conv2d(8, 8, 3), nn.GroupNorm(2, 8), layers.ReLU(),
        layers.Conv2d(8, 4, 3), nn.InstanceNorm2d(4, affine=True, track_running_stats=True),
        layers.Flatten(), nn.LayerNorm(16), layers.Linear(16, 8), nn.BatchNorm1d(8, momentum=None),
        layers.Tanh(), nn.RMSNorm(8), layers.Linear(8, classes),
    )  # fmt: skip


def test_networks_train_alike_and_exchange_their_states():
    ours, theirs = network(bncourse.nn).double(), network(torch.nn).double()
    ours.load_state_dict(theirs.state_dict())
    x, target = torch.rand(4, 16, 1, 8, 8).double(), torch.randint(3, (4, 16))
    for model in (ours, theirs):
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9, weight_decay=1e-3)
        for step in range(12):
            optimizer.zero_grad()
            torch.nn.functional.cross_entropy(model(x[step % 4]), target[step % 4]).backward()
            optimizer.step()
    torch.testing.assert_close(ours.state_dict(), theirs.state_dict())
    theirs.load_state_dict(ours.state_dict(), strict=True)
    torch.testing.assert_close(ours.eval()(x[0]), theirs.eval()(x[0]))


def test_update_bn_of_torch_passes_our_layers_by():
    model = torch.nn.Sequential(bncourse.nn.BatchNorm1d(3))
    torch.optim.swa_utils.update_bn([torch.randn(4, 3) + 5], model)
    assert (model[0].running_mean == 0).all()


class WithOwnParameter(bncourse.nn.LayerNorm):
    def __init__(self):
        super().__init__(3)
        self.temperature = torch.nn.Parameter(torch.tensor([5.0]))


def test_a_reset_leaves_the_parameters_of_a_subclass_alone():
    layer = WithOwnParameter()
    torch.nn.init.normal_(layer.weight)
    layer.reset_parameters()
    assert layer.temperature == 5
    assert (layer.weight == 1).all() and (layer.bias == 0).all()


def test_a_reset_leaves_what_pruning_keeps_alone():
    layer = bncourse.nn.BatchNorm1d(4)
    prune.random_unstructured(layer, "weight", 0.5)
    torch.nn.init.constant_(layer.weight_orig, 7.0)
    layer.reset_parameters()
    assert (layer.weight_orig == 7).all()


@pytest.mark.parametrize("momentum", [0.1, None])
def test_a_checkpoint_moves_statistics_as_often_as_it_counts(momentum):
    layer = bncourse.nn.BatchNorm1d(1, momentum=momentum)
    for value in (10.0, 20.0):
        x = torch.tensor([[value - 1], [value + 1]], requires_grad=True)
        y = torch.utils.checkpoint.checkpoint(layer, x, use_reentrant=False)
        y.sum().backward()
    count, once = layer.num_batches_tracked.item(), bncourse.nn.BatchNorm1d(1, momentum=momentum)
    for value in (10.0, 20.0):
        for _ in range(count // 2):
            once(torch.tensor([[value - 1], [value + 1]]))
    torch.testing.assert_close(layer.running_mean, once.running_mean)
    assert count == once.num_batches_tracked
