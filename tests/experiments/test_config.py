"""What a Config accepts, what it says when it does not, and how many are made of one."""

import pickle
import re
import subprocess
import sys

import numpy as np
import pytest
import torch

from bncourse.experiments import Config, Stack, grid


@pytest.mark.parametrize(
    ("settings", "error", "message"),
    [
        ({"norms": "batch"}, TypeError, "unknown setting 'norms': choose from data, model, depth,"),
        ({"data": "digits"}, TypeError, "data must be a function from a seed .* got 'digits'"),
        ({"norm": "Batch"}, ValueError, "norm must be one of none, batch, .*, got 'Batch'"),
        ({"norm": None}, ValueError, "norm must be one of none, batch, .*, got None"),
        ({"activation": ["relu"]}, ValueError, r"activation must be .*, got \['relu'\]"),
        ({"model": "rnn"}, ValueError, "model must be one of mlp, cnn, got 'rnn'"),
        (
            {"init": "zeros"},
            ValueError,
            "init must be one of kaiming_normal, .*, torch, got 'zeros'",
        ),
        (
            {"optimizer": "lion"},
            ValueError,
            "optimizer must be .* sgd, adam, adamw, got 'lion'",
        ),
        ({"depth": 2.0}, TypeError, "depth must be an integer, got 2.0"),
        ({"depth": None}, TypeError, "depth must be an integer, got None"),
        ({"depth": True}, TypeError, "depth must be an integer, got True"),
        ({"width": 0}, ValueError, "width must be at least 1, got 0"),
        ({"epochs": -1}, ValueError, "epochs must be at least 1, got -1"),
        ({"learning_rate": "0.1"}, TypeError, "learning_rate must be a number, got '0.1'"),
        ({"learning_rate": [0.1]}, TypeError, r"learning_rate must be a number, got \[0.1\]"),
        ({"learning_rate": -0.1}, ValueError, "learning_rate must be .* from 0 to .*, got -0.1"),
        ({"learning_rate": np.nan}, ValueError, "learning_rate must be a finite .*, got nan"),
        ({"momentum": 1.5}, ValueError, "momentum must be .* from 0 to 1, got 1.5"),
        ({"dropout": 1}, ValueError, "dropout must be .* from 0 to 0.99, got 1"),
        ({"residual": "no"}, ValueError, "residual must be one of None, pre, post, got 'no'"),
        ({"residual": True}, ValueError, "residual must be one of None, pre, post, got True"),
        ({"residual": False}, ValueError, "residual must be one of None, pre, post, got False"),
        ({"branch_scale": -1}, ValueError, "branch_scale must be .* from 0 to .*, got -1"),
        ({"learning_rate": True}, TypeError, "learning_rate must be a number, got True"),
        ({"norm_batch": 2.5}, TypeError, "norm_batch must be an integer, got 2.5"),
        ({"norm": 3}, ValueError, r"norm must be .* or a factory \(\(members, channels\).*got 3"),
        ({"activation": None}, ValueError, r"activation must be .* or a factory .* got None"),
    ],
)
def test_setting_that_is_not_allowed_is_named_with_what_is(settings, error, message):
    with pytest.raises(error, match=message):
        Config(**settings)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"placement": "after"}, "placement='after' means nothing with norm='none'"),
        ({"norm_batch": 8}, "norm_batch=8 means nothing with norm='none': leave norm_batch out"),
        ({"eps": 1e-3}, "eps=0.001 means nothing with norm='none'"),
        ({"norm": "batch", "groups": 2}, "groups=2 means nothing with norm='batch'"),
        ({"norm": "layer", "norm_batch": 8}, "norm_batch=8 means nothing with norm='layer'"),
        ({"norm": "group", "norm_momentum": 0.2}, "norm_momentum=0.2 means nothing with norm='g"),
        ({"norm": "group", "groups": 5}, "groups=5 must divide width=32"),
        ({"norm": "group", "groups": 32}, "pools .* 1 unit, .* groups=32, width=32: choose"),
        ({"norm": "layer", "width": 1}, "pools .* 1 unit, .* groups=1, width=1: choose"),
        ({"norm": "instance"}, "norm='instance' .* model='mlp' has none: choose model='cnn'"),
        ({"norm": "rms", "model": "cnn"}, "norm='rms' .*: choose model='mlp'"),
        ({"norm": "batch", "norm_batch": 5}, "norm_batch=5 must divide batch_size=32"),
        ({"norm": "batch", "norm_batch": 64}, "norm_batch=64 must divide batch_size=32"),
        ({"norm": "batch", "norm_batch": 1}, "two samples or more .* batch_size=32, norm_batch=1"),
        (
            {"norm": "batch", "batch_size": 1},
            "two samples or more .* batch_size=1, norm_batch=None",
        ),
        ({"optimizer": "adam", "momentum": 0.9}, "momentum=0.9 is a setting of SGD: leave it out"),
        ({"optimizer": "adamw", "momentum": 0.9}, "SGD: leave it out with optimizer='adamw'"),
        ({"norm": torch.nn.Identity, "eps": 1e-3}, "eps=0.001 means nothing with norm=<class"),
        ({"norm": torch.nn.Identity, "groups": 2}, "groups=2 means nothing with norm=<class"),
        (
            {"norm": "batch", "residual": "pre", "placement": "after"},
            "placement='after' means nothing with residual='pre', .*: leave placement out",
        ),
        ({"branch_scale": 0}, "branch_scale=0.0 needs residual branches: choose residual='pre' or"),
    ],
)
def test_settings_that_contradict_each_other_are_named(settings, message):
    with pytest.raises(ValueError, match=message):
        Config(**settings)


def test_numbers_of_numpy_are_numbers():
    numpy = Config(learning_rate=np.float64(0.5), depth=np.int64(4), weight_decay=np.float32(0))
    plain = Config(learning_rate=0.5, depth=4, weight_decay=0)
    assert numpy == plain
    assert hash(numpy) == hash(plain)
    assert repr(numpy) == repr(plain)


def test_settings_cannot_be_changed_but_replaced_by_others_that_are_allowed():
    config = Config(width=8)
    with pytest.raises(AttributeError):
        config.width = 9
    assert config.replace(norm="group", groups=4) == Config(width=8, norm="group", groups=4)
    with pytest.raises(ValueError, match="groups=3 must divide width=8"):
        config.replace(norm="group", groups=3)
    with pytest.raises(TypeError, match="unknown setting 'widht': choose from data"):
        config.replace(widht=9)


def test_factory_may_stand_before_or_after_the_activation_in_layers_with_or_without_a_skip():
    for settings in ({"placement": "after"}, {"placement": "before"}, {"residual": "post"}):
        config = Config(norm=torch.nn.Identity, activation=torch.nn.SiLU, **settings)
        assert (config.norm, config.activation) == (torch.nn.Identity, torch.nn.SiLU)


def test_config_needs_no_torch():
    strangers = "{'torch', 'sklearn', 'pandas', 'xarray', 'scipy', 'joblib'}"
    program = (
        "import sys\n"
        f"for name in {strangers}: sys.modules[name] = None\n"
        "from bncourse.evidence.config import Config, grid\n"
        "assert len(grid(Config(norm='batch'), depth=[1, 2])) == 2\n"
    )
    found = subprocess.run([sys.executable, "-W", "error", "-c", program])
    assert found.returncode == 0


def test_cnn_normalizes_single_samples_over_their_positions(tiny):
    config = Config(data=tiny, model="cnn", norm="batch", norm_batch=1, width=4, batch_size=8)
    stack = Stack([config], (0,))
    x, _ = next(iter(stack.batches()))
    block = stack.network.blocks[0]
    y = block.norm(block.linear(x))
    torch.testing.assert_close(y.mean((3, 4)), torch.zeros(8, 1, 4), rtol=0, atol=1e-5)


def test_batch_norm_without_eps_ignores_the_scale_of_its_input(tiny):
    config = Config(data=tiny, norm="batch", eps=0, width=8, batch_size=8)
    norm = Stack([config], (0,), dtype=torch.float64).network.blocks[0].norm
    x = 1e-9 * torch.randn(
        16, 1, 8, dtype=torch.float64, generator=torch.Generator().manual_seed(0)
    )
    torch.testing.assert_close(norm(x), norm(1e20 * x), rtol=1e-12, atol=0)


def test_config_survives_pickling_with_its_identity():
    config = Config(norm="batch", learning_rate=0.3)
    copied = pickle.loads(pickle.dumps(config))
    assert copied == config
    assert hash(copied) == hash(config)


def test_grid_is_every_combination_and_the_last_setting_varies_fastest():
    configs = grid(Config(width=8), norm=["none", "batch"], learning_rate=np.array([1.0, 2.0, 3.0]))
    assert [(c.norm, c.learning_rate) for c in configs] == [
        *(("none", 1), ("none", 2), ("none", 3)),
        *(("batch", 1), ("batch", 2), ("batch", 3)),
    ]
    assert {c.width for c in configs} == {8}


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"norm": "batch"}, r"norm must be a list of values, got 'batch': write ['batch']"),
        ({"depth": 3}, "depth must be a list of values, got 3: write [3]"),
        ({"lr": [0.1]}, "unknown setting 'lr': choose from data"),
    ],
)
def test_grid_of_no_list_or_no_setting_is_refused(settings, message):
    with pytest.raises(TypeError, match=re.escape(message)):
        grid(Config(), **settings)


def test_without_norm_keeps_every_setting_that_is_not_of_the_norm():
    normed = Config(
        norm="batch", placement="after", norm_batch=8, eps=1e-3, norm_momentum=0.3, depth=5, noise=1
    )
    assert normed.without_norm() == Config(depth=5, noise=1)
    assert Config(norm="group", groups=4).without_norm() == Config()


def test_stackable_configurations_differ_in_settings_of_single_members_alone():
    config = Config(norm="batch")
    free = {"learning_rate": 0.7, "momentum": 0.9, "weight_decay": 0.1, "weight_scale": 3}
    assert Config(norm="batch", **free).stackable() == config.stackable()
    skips = config.replace(residual="pre")
    assert skips.replace(branch_scale=0).stackable() == skips.stackable()
    for other in ({"depth": 4}, {"norm": "layer"}, {"dropout": 0.1}, {"residual": "pre"}):
        assert Config(**{"norm": "batch"} | other).stackable() != config.stackable()


def test_stack_of_different_shapes_is_refused(tiny):
    configs = grid(Config(data=tiny), depth=[2, 3])
    with pytest.raises(ValueError, match="configs of one stack may differ in learning_rate, .*use"):
        Stack(configs, (0,))


@pytest.mark.parametrize(
    ("name", "dtype"), [("float32", torch.float32), ("float64", torch.float64)]
)
def test_stack_takes_a_dtype_by_its_name(tiny, name, dtype):
    for asked in (name, dtype):
        stack = Stack([Config(data=tiny, batch_size=8)], (0,), dtype=asked)
        x, _ = next(stack.batches())
        assert {p.dtype for p in stack.network.parameters()} == {x.dtype} == {dtype}


@pytest.mark.parametrize("dtype", ["float16", torch.float16, np.float64, None])
def test_stack_refuses_a_dtype_that_is_not_one_of_two(tiny, dtype):
    with pytest.raises(ValueError, match=f"dtype must be 'float32' or 'float64', got {dtype!r}"):
        Stack([Config(data=tiny, batch_size=8)], (0,), dtype=dtype)
