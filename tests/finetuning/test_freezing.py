"""Frozen, and still frozen: whatever the loop calls, and however the model is copied."""

import copy
import io
import pickle

import pytest
import torch
from torch import nn
from torch.nn.functional import cross_entropy
from torch.testing import assert_close

from bncourse.finetuning import freeze, unfreeze
from bncourse.nn.kinds import batch_norms


@pytest.fixture
def model(namespace):
    """Return a network with batch norm at two depths, in training mode and with gradients."""
    model = nn.Sequential(
        nn.Conv2d(2, 4, 3),
        namespace.BatchNorm2d(4),
        nn.ReLU(),
        nn.Sequential(nn.Conv2d(4, 3, 2), namespace.BatchNorm2d(3), nn.Dropout()),
        namespace.GroupNorm(1, 3),
        nn.Flatten(),
        nn.Linear(3, 3),
    )
    train(model, momentum=0.9)
    return model


def train(model, steps=3, **options):
    """Train as a loop does that fills gradients with zeros, and calls `train` each time."""
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, weight_decay=0.1, **options)
    for _ in range(steps):
        model.train()
        optimizer.zero_grad(set_to_none=False)
        x, y = 1 + 2 * torch.randn(6, 2, 4, 4), torch.arange(6) % 3
        cross_entropy(model(x), y).backward()
        optimizer.step()


def statistics(model):
    return [b.clone() for norm in batch_norms(model).values() for b in norm.buffers()]


def parameters(model):
    norms = batch_norms(model).values()
    return [p.detach().clone() for norm in norms for p in norm.parameters()]


def same(some, others):
    return [one.equal(other) for one, other in zip(some, others, strict=True)]


@pytest.mark.parametrize("frozen", [(True, True), (True, False), (False, True)])
def test_what_is_frozen_stays_and_the_rest_moves(model, frozen):
    before = statistics(model), parameters(model), model[6].weight.detach().clone()
    freeze(model, *frozen)
    train(model)
    assert same(before[0], statistics(model)) == [frozen[0]] * 6
    assert same(before[1], parameters(model)) == [frozen[1]] * 4
    assert not model[6].weight.equal(before[2])


def test_an_optimizer_that_has_momentum_for_the_parameters_does_not_move_them(model):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9, weight_decay=0.1)
    model(torch.randn(6, 2, 4, 4)).sum().backward()
    optimizer.step()
    freeze(model)
    before = parameters(model)
    for _ in range(3):
        optimizer.zero_grad(set_to_none=False)
        model(torch.randn(6, 2, 4, 4)).sum().backward()
        optimizer.step()
    assert all(same(before, parameters(model)))


def test_only_batch_norm_is_frozen(model):
    freeze(model.train())
    model.train()
    modes = [module.training for module in model.modules()]
    assert modes.count(False) == len(batch_norms(model)) == 2
    assert all(p.requires_grad for p in (*model[4].parameters(), *model[6].parameters()))


def test_a_frozen_norm_computes_in_training_what_it_does_in_evaluation(model):
    x = torch.randn(6, 2, 4, 4)
    expected = model.eval()[:2](x)
    freeze(model)
    assert torch.equal(model.train()[:2](x), expected)


COPIES = {
    "deepcopy": copy.deepcopy,
    "pickle": lambda model: pickle.loads(pickle.dumps(model)),
    "torch.save": lambda model: torch.load(saved(model), weights_only=False),
    "deepcopy of a copy": lambda model: copy.deepcopy(pickle.loads(pickle.dumps(model))),
}


def saved(model):
    file = io.BytesIO()
    torch.save(model, file)
    file.seek(0)
    return file


@pytest.mark.parametrize("name", COPIES)
def test_a_copy_is_frozen_too_and_by_itself(model, name):
    freeze(model)
    other = COPIES[name](model)
    before = statistics(model), parameters(model)
    train(other)
    assert all(same(before[0], statistics(other)) + same(before[1], parameters(other)))
    unfreeze(other)
    train(other)
    train(model)
    assert not any(same(before[0], statistics(other)))
    assert all(same(before[0], statistics(model)))


def test_train_and_eval_return_the_norm_itself(model):
    freeze(model)
    norm = model[1]
    assert norm.train() is norm and norm.train(mode=True) is norm and norm.eval() is norm
    twin = copy.deepcopy(norm)
    assert twin.train() is twin


def test_the_state_dict_and_what_is_shown_stay_as_they_were(model):
    before, shown = copy.deepcopy(model.state_dict()), repr(model)
    freeze(model)
    assert list(model.state_dict()) == list(before)
    assert_close(model.state_dict(), before, rtol=0, atol=0)
    assert repr(model) == shown
    unfreeze(model)
    model.load_state_dict(before)


def test_what_is_loaded_into_a_frozen_model_is_what_it_uses(model):
    other = copy.deepcopy(model)
    train(other)
    freeze(model)
    model.load_state_dict(other.state_dict())
    x = torch.randn(6, 2, 4, 4)
    assert torch.equal(model.eval()(x), other.eval()(x))


@pytest.mark.parametrize("mode", [True, False], ids=["train", "eval"])
def test_unfrozen_it_follows_the_mode_of_the_model_and_moves_again(model, mode):
    freeze(model)
    model.train(mode)
    unfreeze(model)
    assert all(norm.training is mode for norm in batch_norms(model).values())
    assert "train" not in vars(model[1])
    before = statistics(model), parameters(model)
    train(model)
    assert not any(same(before[0], statistics(model)) + same(before[1], parameters(model)))


@pytest.mark.parametrize("thawed", [(True, False), (False, True)])
def test_a_half_can_be_unfrozen(model, thawed):
    freeze(model)
    unfreeze(model, *thawed)
    before = statistics(model), parameters(model)
    train(model)
    assert same(before[0], statistics(model)) == [not thawed[0]] * 6
    assert same(before[1], parameters(model)) == [not thawed[1]] * 4


def test_what_was_not_frozen_can_be_unfrozen(model):
    model[1].train = replaced = lambda mode=True: model[1]
    unfreeze(model)
    assert model[1].train is replaced


def test_frozen_twice_is_frozen_once(model):
    freeze(model)
    freeze(model)
    unfreeze(model)
    before = statistics(model)
    train(model)
    assert not any(same(before, statistics(model)))


def test_a_single_norm_can_be_frozen(namespace):
    norm = namespace.BatchNorm1d(3)
    freeze(norm)
    norm.train()
    norm(torch.randn(4, 3))
    assert not norm.running_mean.any() and not norm.weight.requires_grad


def test_frozen_norms_can_be_compiled(model):
    torch.compiler.reset()
    freeze(model)
    x = torch.randn(6, 2, 4, 4)
    front = model[:2].train()
    assert_close(torch.compile(front, backend="aot_eager", fullgraph=True)(x), front(x))


def test_norms_that_keep_no_statistics_are_refused_and_nothing_is_changed(namespace):
    norms = [namespace.BatchNorm1d(3), namespace.BatchNorm1d(3, track_running_stats=False)]
    model = nn.Sequential(*norms)
    with pytest.raises(ValueError, match="without running statistics, '1'.*track_running_stats=Tr"):
        freeze(model)
    assert norms[0].training and norms[0].weight.requires_grad
    freeze(model, statistics=False)
    assert not norms[1].weight.requires_grad
