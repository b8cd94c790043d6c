"""Norms and activations that are made by a function of the reader."""

import pickle

import pytest
import torch
from torch import nn

from bncourse.experiments import Config, Stack, grid, run
from bncourse.experiments.layers import BatchNorm, GroupNorm


def batch(members, channels):
    return BatchNorm(members, channels, eps=1e-5, momentum=0.1)


def group(members, channels):
    return GroupNorm(members, channels, eps=1e-5, groups=1)


class Wrapped(nn.Module):
    """A batch norm inside of something else, whose output is the half of it."""

    def __init__(self, members, channels):
        super().__init__()
        self.inside = batch(members, channels)

    def forward(self, x):
        return self.inside(x) / 2


def small(data, **settings):
    return Config(data=data, **{"depth": 3, "width": 6, "batch_size": 8, "epochs": 2} | settings)


@pytest.mark.parametrize(
    ("name", "factory"), [("batch", batch), ("layer", group), ("none", lambda e, c: nn.Identity())]
)
@pytest.mark.parametrize("model", ["mlp", "cnn"])
def test_factory_that_makes_what_a_name_makes_gives_the_same_bits(tiny, model, name, factory):
    named, made = (run(small(tiny, model=model, norm=norm), [0, 1]) for norm in (name, factory))
    assert (named["validation_loss"] == made["validation_loss"]).all()


def test_activation_of_a_factory_gives_the_bits_of_the_named_one(tiny):
    named, made = (run(small(tiny, activation=phi), [0, 1]) for phi in ("tanh", nn.Tanh))
    assert (named["validation_loss"] == made["validation_loss"]).all()


def test_factory_is_told_how_many_members_and_channels_there_are(tiny):
    asked = []

    def noted(members, channels):
        asked.append((members, channels))
        return nn.Identity()

    Stack(grid(small(tiny, norm=noted), learning_rate=[1, 2]), (0, 1, 2))
    assert asked == [(6, 6)] * 3


def test_configuration_with_factories_survives_pickling(tiny):
    config = small(tiny, norm=Wrapped, activation=nn.SiLU)
    assert pickle.loads(pickle.dumps(config)) == config
    assert hash(pickle.loads(pickle.dumps(config))) == hash(config)


def test_statistics_inside_of_what_a_factory_made_are_found_anew(tiny):
    stack = Stack([small(tiny, norm=Wrapped)], (0,), dtype="float64")
    stack.reestimate()
    norm, linear = stack.network.blocks[0].norm.inside, stack.network.blocks[0].linear
    z = linear(torch.tensor(tiny(0).x_train)[:, None])[:, 0]
    torch.testing.assert_close(norm.running_mean[0], z.mean(0))
    torch.testing.assert_close(norm.running_var[0], z.var(0))


@pytest.mark.parametrize(
    ("settings", "error", "message"),
    [
        (
            {"norm": lambda e, c: "batch"},
            TypeError,
            "norm=<function .* made 'batch', which is no module: pass a function, or a class",
        ),
        (
            {"activation": lambda: torch.relu},
            TypeError,
            "activation=<function .* made <built-in .*relu.*, which is no module: pass",
        ),
        (
            {"activation": nn.SiLU()},
            TypeError,
            r"activation must be a factory, got the module SiLU\(\) itself: pass a function",
        ),
        (
            {"norm": lambda e, c: nn.BatchNorm1d(c)},
            ValueError,
            r"parameter weight of shape \(6,\): give each of the 2 members its own, as in "
            r"\(members, channels\) = \(2, 6\)",
        ),
        ({"activation": nn.PReLU}, ValueError, r"a parameter weight, \(1,\), .*give it to a norm"),
    ],
)
def test_what_a_factory_makes_must_be_a_module_for_all_members(tiny, settings, error, message):
    with pytest.raises(error, match=message):
        Stack([small(tiny, **settings)], (0, 1))


class Cut(nn.Module):
    def forward(self, x):
        return x[..., :4]


class Pair(nn.Module):
    def forward(self, x):
        return x, x


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"norm": lambda members, channels: Cut()},
            r"norm=<.*> made a module that turns shape \(8, 2, 6\) into \(8, 2, 4\): let it keep",
        ),
        (
            {"activation": Cut},
            r"activation=<.*Cut'> made .* shape \(8, 2, 6\) into \(8, 2, 4\): let it keep",
        ),
        ({"activation": Pair}, r"made a module that turns shape \(8, 2, 6\) into tuple: let it"),
    ],
)
def test_module_that_changes_the_shape_is_named(tiny, settings, message):
    stack = Stack([small(tiny, **settings)], (0, 1))
    with pytest.raises(ValueError, match=message):
        stack.step(*next(stack.batches()))
