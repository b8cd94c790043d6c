"""Statistics of the whole training set: exact, layer by layer, and all or nothing."""

import copy
import functools

import pytest
import torch
from torch import nn
from torch.optim.swa_utils import update_bn
from torch.testing import assert_close
from torch.utils.data import DataLoader, TensorDataset

from bncourse.finetuning import freeze
from bncourse.nn import BatchNorm1d, BatchRenorm, GhostBatchNorm
from bncourse.nn.kinds import batch_norms
from bncourse.population import recompute_statistics

SAMPLES = 31


def moments(x):
    axes = [0, *range(2, x.dim())]
    return x.mean(axes), x.var(axes)


def inputs_of_norms(model, x):
    """Return what each norm gets when the model is called on x."""
    seen = {}
    handles = [
        norm.register_forward_pre_hook(lambda _, args, name=name: seen.update({name: args[0]}))
        for name, norm in batch_norms(model).items()
    ]
    model(x)
    for handle in handles:
        handle.remove()
    return seen


def statistics(model):
    return [b.clone() for norm in batch_norms(model).values() for b in norm.buffers()]


def modes(model):
    return [module.training for module in model.modules()]


@pytest.mark.parametrize("shape", [(SAMPLES, 3), (SAMPLES, 3, 4), (SAMPLES, 3, 4, 5)], ids=str)
@pytest.mark.parametrize("joint", [False, True])
def test_a_single_norm_gets_the_moments_of_all_samples(shape, joint, namespace):
    norm = getattr(namespace, f"BatchNorm{max(len(shape) - 2, 1)}d")(3)
    x = 1000 + torch.randn(shape).cumsum(0)
    counts = recompute_statistics(norm, x.split([20, 2, 9]), joint=joint)
    mean, var = moments(x.double())
    assert_close(norm.running_mean, mean.float(), rtol=1e-7, atol=0)
    assert_close(norm.running_var, var.float(), rtol=1e-6, atol=0)
    assert counts == {"": x.numel() // 3}


def test_each_norm_gets_the_moments_of_what_it_sees_in_evaluation(model, batches):
    counts = recompute_statistics(model.double(), [batch.double() for batch in batches])
    everything = torch.cat(batches).double()
    for name, x in inputs_of_norms(model.eval(), everything).items():
        norm = batch_norms(model)[name]
        assert_close([norm.running_mean, norm.running_var], [*moments(x)])
        assert counts[name] == x[:, 0].numel()
    assert list(counts) == ["0", "2", "5.1"]


def test_in_one_joint_pass_each_norm_normalizes_with_the_batch(model, batches):
    model, batches = model.double(), [batch.double() for batch in batches]
    reference = copy.deepcopy(model).eval()
    for norm in batch_norms(reference).values():
        norm.train()
    seen = [inputs_of_norms(reference, batch) for batch in batches]
    counts = recompute_statistics(model, batches, joint=True)
    for name, norm in batch_norms(model).items():
        x = torch.cat([each[name] for each in seen])
        assert_close([norm.running_mean, norm.running_var], [*moments(x)])
        assert counts[name] == x[:, 0].numel()


def test_the_two_differ_in_deeper_norms(model, batches):
    other = copy.deepcopy(model)
    recompute_statistics(model, batches)
    recompute_statistics(other, batches, joint=True)
    assert_close(model[0].running_var, other[0].running_var)
    assert not torch.allclose(model[2].running_var, other[2].running_var, rtol=0.05)


def test_how_samples_are_split_into_batches_makes_no_difference(model, batches):
    everything, results = torch.cat(batches).double(), []
    for size in (1, 4, SAMPLES):
        other = copy.deepcopy(model).double()
        recompute_statistics(other, everything.split(size))
        results.append(other.state_dict())
    assert_close(results[0], results[2])
    assert_close(results[1], results[2])


def test_one_batch_of_everything_gives_what_training_stores(namespace, batches):
    norm, x = namespace.BatchNorm2d(3, momentum=1.0), torch.cat(batches)
    trained = copy.deepcopy(norm)
    trained(x)
    recompute_statistics(norm, batches)
    assert_close(norm.running_mean, trained.running_mean)
    assert_close(norm.running_var, trained.running_var)


# Beside PyTorch's own function.


@pytest.fixture
def equal():
    """Return six batches of five samples, each around a mean of its own."""
    return [3 * torch.randn(3).double() + torch.randn(5, 3).double() for _ in range(6)]


def test_torchs_function_averages_the_variances_of_batches_and_misses_the_rest(equal):
    ours, theirs = nn.BatchNorm1d(3).double(), nn.BatchNorm1d(3).double()
    recompute_statistics(ours, equal)
    update_bn(equal, theirs)
    assert_close(ours.running_mean, theirs.running_mean)
    assert_close(theirs.running_var, torch.stack([x.var(0) for x in equal]).mean(0))
    # Squares around the mean of all: within each batch, and between the means of the batches.
    means = torch.stack([x.mean(0) for x in equal])
    between = 5 * (means - means.mean(0)).square().sum(0)
    assert_close(29 * ours.running_var, 4 * 6 * theirs.running_var + between)
    assert (ours.running_var > 2 * theirs.running_var).all()


def test_torchs_function_weighs_batches_alike_and_not_samples():
    unequal = [torch.zeros(8, 1), torch.tensor([[9.0], [11.0]])]
    ours, theirs = nn.BatchNorm1d(1), nn.BatchNorm1d(1)
    recompute_statistics(ours, unequal)
    update_bn(unequal, theirs)
    assert ours.running_mean.item() == pytest.approx(2)
    assert theirs.running_mean.item() == pytest.approx(5)


def test_torchs_function_passes_our_norms_by_without_a_word(equal):
    model = nn.Sequential(nn.Linear(3, 3), BatchNorm1d(3)).double()
    before = copy.deepcopy(model.state_dict())
    update_bn(equal, model)
    assert_close(model.state_dict(), before, rtol=0, atol=0)
    recompute_statistics(model, equal)
    assert not torch.allclose(model[1].running_mean, before["1.running_mean"])


# What is left as it was.


@pytest.mark.parametrize("joint", [False, True])
@pytest.mark.parametrize("mode", [True, False], ids=["train", "eval"])
def test_only_the_statistics_change(joint, mode, model, batches):
    model.train(mode)[2].train(not mode)
    before, found = copy.deepcopy(model), modes(model)
    recompute_statistics(model, batches, joint=joint)
    assert modes(model) == found
    for name, norm in batch_norms(model).items():
        old = batch_norms(before)[name]
        assert norm.momentum == old.momentum
        assert norm.num_batches_tracked == old.num_batches_tracked
        assert not norm._forward_pre_hooks
        assert not torch.allclose(norm.running_mean, old.running_mean)
    assert all(p.requires_grad and p.grad is None for p in model.parameters())
    parts = zip(model.parameters(), before.parameters(), strict=True)
    assert all(torch.equal(one, other) for one, other in parts)


class TroubleError(Exception):
    pass


@pytest.mark.parametrize("joint", [False, True])
@pytest.mark.parametrize("error", [KeyboardInterrupt, TroubleError])
@pytest.mark.parametrize("at", [1, 3, 9, 13])
def test_when_anything_is_raised_the_old_statistics_are_put_back(error, at, joint, model, batches):
    calls = []

    def forward(model, batch):
        calls.append(batch)
        if len(calls) == (at if not joint else min(at, 5)):
            raise error
        model(batch)

    before, found = statistics(model), modes(model)
    with pytest.raises(error):
        recompute_statistics(model, batches, forward, joint=joint)
    assert all(a.equal(b) for a, b in zip(before, statistics(model), strict=True))
    assert modes(model) == found
    assert not any(norm._forward_pre_hooks for norm in batch_norms(model).values())


def test_a_loader_that_breaks_down_in_a_later_pass_leaves_nothing_half_done(model, batches):
    class Loader:
        passes = 0

        def __iter__(self):
            self.passes += 1
            yield from batches
            if self.passes == 3:
                raise TroubleError

    before = statistics(model)
    with pytest.raises(TroubleError):
        recompute_statistics(model, Loader())
    assert all(a.equal(b) for a, b in zip(before, statistics(model), strict=True))


# What comes in.


def test_items_may_be_tensors_tuples_lists_or_what_forward_understands(model, batches):
    results = []
    forms = {
        "tensor": lambda x: x,
        "tuple": lambda x: (x, torch.zeros(len(x))),
        "list": lambda x: [x, None],
        "dict": lambda x: {"image": x},
    }
    for name, form in forms.items():
        other = copy.deepcopy(model)
        options = {"forward": lambda m, item: m(item["image"])} if name == "dict" else {}
        recompute_statistics(other, [form(batch) for batch in batches], **options)
        results.append(other.state_dict())
    assert all(str(result) == str(results[0]) for result in results)


@pytest.mark.parametrize("item", [{"image": torch.ones(2, 3, 6, 6)}, "image", (), 3], ids=str)
def test_an_item_whose_input_is_not_known_is_refused(item, model):
    with pytest.raises(TypeError, match=f"of type {type(item).__name__}, .*pass forward"):
        recompute_statistics(model, [item])


def test_a_data_loader_may_shuffle_and_leave_a_smaller_last_batch(model, batches):
    everything = torch.cat(batches).double()
    loader = DataLoader(TensorDataset(everything), batch_size=8, shuffle=True)
    ours, other = model.double(), copy.deepcopy(model).double()
    recompute_statistics(ours, loader)
    recompute_statistics(other, [everything])
    assert_close(ours.state_dict(), other.state_dict())


def test_a_generator_is_enough_for_a_joint_pass_alone(model, batches):
    other = copy.deepcopy(model)
    recompute_statistics(model, (batch for batch in batches), joint=True)
    recompute_statistics(other, batches, joint=True)
    assert_close(model.state_dict(), other.state_dict())
    with pytest.raises(ValueError, match="a generator, which can be read once.*or joint=True"):
        recompute_statistics(model, (batch for batch in batches))


@pytest.mark.parametrize("joint", [False, True])
def test_an_empty_loader_is_refused(joint, model):
    before = statistics(model)
    with pytest.raises(ValueError, match="loader is empty"):
        recompute_statistics(model, [], joint=joint)
    assert all(a.equal(b) for a, b in zip(before, statistics(model), strict=True))


def test_a_model_without_running_statistics_is_refused(namespace):
    model = nn.Sequential(nn.Linear(3, 3), namespace.BatchNorm1d(3, track_running_stats=False))
    with pytest.raises(ValueError, match="no batch norm with running statistics"):
        recompute_statistics(model, [torch.randn(4, 3)])


def test_a_single_value_is_refused_and_nothing_changed(namespace):
    norm = namespace.BatchNorm1d(3)
    with pytest.raises(ValueError, match="at least 2 values"):
        recompute_statistics(norm, [torch.randn(1, 3)])
    assert not norm.running_mean.any()


class Shared(nn.Module):
    """A network that calls one norm twice, and another one never."""

    def __init__(self, namespace):
        super().__init__()
        self.norm, self.unused = namespace.BatchNorm1d(3), namespace.BatchNorm1d(3)
        self.linear = nn.Linear(3, 3)

    def forward(self, x):
        return self.norm(input=self.linear(self.norm(x)))


def test_a_norm_that_is_called_twice_sees_its_own_statistics_and_needs_a_joint_pass(namespace):
    model, batches = Shared(namespace).double(), torch.randn(20, 3).double().split(5)
    with pytest.raises(ValueError, match="norm 'norm' is called 2 times on one item.*joint=True"):
        recompute_statistics(model, batches)
    counts = recompute_statistics(model, batches, joint=True)
    assert counts == {"norm": 40}
    plain = functools.partial(nn.functional.batch_norm, running_mean=None, running_var=None)
    both = [torch.cat([x, model.linear(plain(x, training=True))]) for x in batches]
    assert_close([model.norm.running_mean, model.norm.running_var], [*moments(torch.cat(both))])
    assert not model.unused.running_mean.any()


@pytest.mark.parametrize("joint", [False, True])
def test_frozen_norms_are_recomputed_and_stay_frozen(joint, model, batches):
    other = copy.deepcopy(model)
    freeze(model)
    recompute_statistics(model, batches, joint=joint)
    recompute_statistics(other, batches, joint=joint)
    assert_close(model.state_dict(), other.state_dict())
    assert not any(norm.training for norm in batch_norms(model.train()).values())


@pytest.mark.parametrize("norm", [GhostBatchNorm(3, 2), BatchRenorm(3)], ids=["ghost", "renorm"])
@pytest.mark.parametrize("joint", [False, True])
def test_relatives_of_batch_norm_are_recomputed_too(norm, joint):
    x = 5 + torch.randn(20, 3)
    recompute_statistics(norm, x.split(10), joint=joint)
    assert_close([norm.running_mean, norm.running_var], [*moments(x)])


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_statistics_of_sixteen_bits_are_rounded_once(dtype, namespace):
    norm, x = namespace.BatchNorm1d(3, dtype=dtype), (9 + torch.randn(40, 3)).to(dtype)
    recompute_statistics(norm, x.split(7))
    mean, var = moments(x.double())
    assert torch.equal(norm.running_mean, mean.to(dtype))
    assert torch.equal(norm.running_var, var.to(dtype))


@pytest.mark.parametrize("progress", [True, False])
def test_a_bar_shows_how_many_items_are_through(progress, model, batches, monkeypatch, capsys):
    from bncourse.population import recompute

    quick = functools.partial(recompute.tqdm, mininterval=0)
    monkeypatch.setattr(recompute, "tqdm", lambda delay, **rest: quick(**rest))
    recompute_statistics(model, batches, progress=progress)
    assert ("15/15" in capsys.readouterr().err) is progress


def test_what_takes_no_two_seconds_shows_no_bar(model, batches, capsys):
    recompute_statistics(model, batches)
    assert capsys.readouterr().err == ""


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU that torch.cuda finds")
def test_items_are_moved_to_the_device_of_the_model(model, batches):
    other = copy.deepcopy(model)
    recompute_statistics(model.double().cuda(), [batch.double() for batch in batches])
    recompute_statistics(other.double(), [batch.double() for batch in batches])
    assert_close(model.cpu().state_dict(), other.state_dict())
