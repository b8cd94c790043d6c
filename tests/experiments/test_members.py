"""Members of a stack are strangers to each other, and the arms of one seed are twins."""

import numpy as np
import pytest
import torch
from joblib import parallel_config

from bncourse.experiments import Config, Stack, grid, run

NORMS = [
    {"norm": "none"},
    {"norm": "batch"},
    {"norm": "batch", "norm_batch": 4},
    {"norm": "layer"},
    {"norm": "group", "groups": 2},
]
MODELS = [{"model": model, **norm} for model in ("mlp", "cnn") for norm in NORMS] + [
    {"model": "mlp", "norm": "rms"},
    {"model": "cnn", "norm": "instance"},
]
SHAKEN = {"norm": "batch", "dropout": 0.3, "noise": 0.2}


def small(data, **settings):
    return Config(data=data, **{"depth": 3, "width": 8, "batch_size": 8, "epochs": 2} | settings)


def weights(stack, arm, seed):
    """Return the parameters of the linear maps of one member, by arm and place of the seed."""
    layers = [block.linear for block in stack.network.blocks] + [stack.network.head]
    member = arm * stack.members[1] + seed
    return [p[member].detach() for layer in layers for p in layer.parameters()]


def are_equal(one, other):
    return [torch.equal(a, b) for a, b in zip(one, other, strict=True)]


@pytest.mark.parametrize("settings", MODELS, ids=lambda s: "-".join(map(str, s.values())))
def test_broken_member_leaves_every_bit_of_the_others(tiny, settings):
    config = small(tiny, noise=0.1, dropout=0.1, **settings)
    sound, broken = (Stack(grid(config, learning_rate=[0.1, 0.2]), (0, 1)) for _ in range(2))
    with torch.no_grad():
        broken.network.blocks[0].linear.weight[1] = torch.nan
        broken.network.blocks[1].linear.weight[1] = torch.inf
    for stack in (sound, broken):
        losses = [stack.step(*batch) for batch in stack.batches()]
        stack.found = torch.stack([*losses, *stack.score("validation").values()])
    others = [0, 2, 3]
    states = (stack.network.state_dict().values() for stack in (sound, broken))
    assert broken.found[0].isnan().tolist() == [False, True, False, False]
    assert torch.equal(sound.found[:, others], broken.found[:, others])
    assert all(torch.equal(a[others], b[others]) for a, b in zip(*states, strict=True))


@pytest.mark.parametrize("model", ["mlp", "cnn"])
def test_diverged_member_is_reported_in_its_place_and_changes_no_other(tiny, model):
    config = small(tiny, model=model, activation="identity")  # no unit dies before it diverges
    mild, wild = (
        run(grid(config, learning_rate=[0.01, rate, 0.005]), [0, 1], test=True, losses=True)
        for rate in (0.02, 1e6)
    )
    assert wild["diverged"].tolist() == [[False] * 2, [True] * 2, [False] * 2]
    assert not mild["diverged"].any()
    last = wild["train_loss"][..., -1]
    assert np.isfinite(last).tolist() == [[True] * 2, [False] * 2, [True] * 2]
    for name, values in mild.arrays.items():
        np.testing.assert_array_equal(values[[0, 2]], wild[name][[0, 2]], err_msg=name)


def test_diverged_member_keeps_an_accuracy(tiny):
    history = run(small(tiny, learning_rate=1e6, activation="identity"), [0], test=True)
    assert 0 <= history["test_accuracy"].item() <= 1
    assert not np.isfinite(history["test_loss"]).item()


@pytest.mark.parametrize("members", [1, 2, 3, 5])
def test_size_of_the_stacks_changes_nothing_but_rounding(tiny, members):
    configs = grid(small(tiny, **SHAKEN), depth=[2, 3], learning_rate=[0.1, 0.02])
    whole, parts = (
        run(configs, [0, 1, 2], dtype="float64", losses=True, **options)
        for options in ({}, {"members": members})
    )
    for name, values in whole.arrays.items():
        np.testing.assert_allclose(parts[name], values, rtol=1e-10, err_msg=name)


def test_jobs_change_not_a_bit(tiny):
    configs = grid(small(tiny, **SHAKEN), depth=[1, 2], learning_rate=[0.1, 0.02])
    with parallel_config(backend="threading"):  # processes take long to start: see test_cluster
        alone, shared = (run(configs, [0, 1], members=2, jobs=jobs, losses=True) for jobs in (1, 2))
    for name, values in alone.arrays.items():
        np.testing.assert_array_equal(shared[name], values, err_msg=name)


def test_seed_does_not_feel_which_seeds_and_arms_run_beside_it(tiny):
    configs = grid(small(tiny, **SHAKEN), learning_rate=[0.1, 0.02])
    beside = run(configs, [5, 0, 7], dtype="float64", losses=True)
    alone = run(configs[1], [7], dtype="float64", losses=True)
    for name in ("train_loss", "validation_loss"):
        np.testing.assert_allclose(beside[name][1, 2], alone[name][0, 0], rtol=1e-10)


def test_seeds_differ_in_data_weights_and_batches(tiny):
    stack = Stack([small(tiny)], (0, 1), dtype=torch.float64)
    x, y = next(iter(stack.batches()))
    assert not torch.equal(x[:, 0], x[:, 1])
    assert not torch.equal(y[:, 0], y[:, 1])
    assert not torch.equal(weights(stack, 0, 0)[0], weights(stack, 0, 1)[0])


def test_order_of_the_batches_depends_on_the_seed_alone():
    def same_for_all(seed):
        from bncourse.data import Splits

        x, y = np.arange(30.0)[:, None], np.arange(30) % 2
        return Splits(x, y, x, y, x, y, x[0], x[0])

    configs = [small(same_for_all, norm=norm) for norm in ("none", "batch")]
    epochs = [
        torch.stack([x for x, _ in Stack([config], seeds).batches()]).squeeze()
        for config, seeds in zip(configs, [(0, 1), (1, 2)], strict=True)
    ]
    assert torch.equal(epochs[0][..., 1], epochs[1][..., 0])
    assert not torch.equal(epochs[0][..., 0], epochs[0][..., 1])


def test_epoch_holds_each_sample_at_most_once_and_the_next_is_in_another_order(tiny):
    stack = Stack([small(tiny)], (0,))
    first, second = (torch.cat([x for x, _ in stack.batches()])[:, 0] for _ in range(2))
    assert len(first) == 24  # 28 samples, batches of 8
    assert len(first.unique(dim=0)) == 24
    assert not torch.equal(first, second)


@pytest.mark.parametrize("model", ["mlp", "cnn"])
def test_arms_of_a_seed_start_with_the_same_weights_whatever_their_norm(tiny, model):
    plain = Stack([small(tiny, model=model)], (0, 1))
    normed = Stack(grid(small(tiny, model=model, norm="batch"), learning_rate=[1, 2]), (1, 4))
    for arm in (0, 1):
        assert all(are_equal(weights(plain, 0, 1), weights(normed, arm, 0)))


def test_deeper_network_starts_with_the_layers_of_the_shallower_one(tiny):
    shallow, deep = (Stack([small(tiny, depth=depth)], (3,)) for depth in (2, 4))
    assert are_equal(weights(shallow, 0, 0)[:4], weights(deep, 0, 0)[:4]) == [True] * 4


def test_weight_scale_multiplies_the_weights_of_hidden_layers_alone(tiny):
    config = small(tiny, init="torch")
    stack = Stack(grid(config, weight_scale=[1, 0.25]), (0, 1))
    one, scaled = weights(stack, 0, 1), weights(stack, 1, 1)
    hidden = 2 * config.depth
    for weight, bias, small_weight, same_bias in zip(
        one[:hidden:2], one[1:hidden:2], scaled[:hidden:2], scaled[1:hidden:2], strict=True
    ):
        assert torch.equal(0.25 * weight, small_weight)
        assert torch.equal(bias, same_bias)
        assert bias.abs().max() > 0
    assert all(are_equal(one[hidden:], scaled[hidden:]))


@pytest.mark.parametrize(
    ("init", "std"),
    [
        ("kaiming_normal", (2 / 64) ** 0.5),
        ("kaiming_uniform", (2 / 64) ** 0.5),
        ("xavier_normal", (2 / (64 + 200)) ** 0.5),
        ("xavier_uniform", (2 / (64 + 200)) ** 0.5),
        ("orthogonal", 200**-0.5),
        ("normal", 1.0),
        ("torch", (1 / 3 / 64) ** 0.5),
    ],
)
def test_initial_weights_have_the_spread_of_their_rule(tiny, init, std):
    stack = Stack([small(tiny, width=200, init=init)], (0, 1))
    weight, bias = weights(stack, 0, 1)[:2]
    assert weight.std().item() == pytest.approx(std, rel=0.03)
    assert bool(bias.any()) == (init == "torch")


def test_orthogonal_columns_are_so_to_the_precision_of_the_stack(tiny):
    double, single = (
        weights(Stack([small(tiny, init="orthogonal")], (0,), dtype=dtype), 0, 0)[0]
        for dtype in (torch.float64, torch.float32)
    )
    products = double @ double.mT
    torch.testing.assert_close(products, torch.eye(8, dtype=torch.float64), rtol=0, atol=1e-14)
    assert torch.equal(double.float(), single)


def test_dropout_and_noise_are_the_same_in_every_arm_and_differ_between_seeds(tiny):
    config = small(tiny, **SHAKEN)
    stack = Stack([config, config], (0, 1))
    losses = torch.stack([stack.step(*batch) for batch in stack.batches()]).unflatten(1, (2, 2))
    assert torch.equal(losses[:, 0], losses[:, 1])
    assert not torch.equal(losses[:, :, 0], losses[:, :, 1])


def test_dropout_strikes_the_same_units_with_and_without_noise(tiny):
    ones = torch.ones(5, 1, 8)
    masks = []
    for settings in ({"dropout": 0.5}, SHAKEN | {"dropout": 0.5}):
        network = Stack([small(tiny, **settings)], (2,)).network
        for block in network.blocks:
            block.norm(ones)
        masks.append(torch.stack([block.dropout(ones) for block in network.blocks]))
    assert torch.equal(*masks)


def test_dropout_keeps_the_mean_and_vanishes_in_evaluation(tiny):
    network = Stack([small(tiny, dropout=0.25)], (0,)).network
    ones = torch.ones(500, 1, 40)
    y = network.blocks[0].dropout(ones)
    assert y.unique().tolist() == pytest.approx([0, 4 / 3])
    assert (y == 0).float().mean().item() == pytest.approx(0.25, abs=0.01)
    assert torch.equal(network.eval().blocks[0].dropout(ones), ones)


@pytest.mark.parametrize("residual", [None, "pre", "post"])
def test_dropout_strikes_the_inputs_of_each_linear_map_but_the_first(tiny, residual):
    settings = {"activation": "sigmoid", "dropout": 0.5, "depth": 4}  # never 0 by itself
    network = Stack([small(tiny, residual=residual, **settings)], (0,)).network
    parts = []
    for linear in [block.linear for block in network.blocks] + [network.head]:
        linear.register_forward_pre_hook(
            lambda _, inputs: parts.append((inputs[0] == 0).float().mean().item())
        )
    network(torch.randn(500, 1, 64, generator=torch.Generator().manual_seed(0)))
    assert parts == pytest.approx([0, 0.5, 0.5, 0.5, 0.5], abs=0.05)


@pytest.mark.parametrize("residual", ["pre", "post"])
def test_dropout_leaves_what_skips_the_branch(tiny, residual):
    config = small(tiny, norm="none", dropout=0.9, residual=residual, branch_scale=0, depth=3)
    blocks = Stack([config], (0,)).network.blocks
    x = torch.rand(5, 1, 8)  # positive: the relu after the sum keeps it
    assert all(torch.equal(block(x), x) for block in blocks[1:])


def test_noise_gives_each_unit_a_mean_and_a_spread_of_its_own(tiny):
    perturb = Stack([small(tiny, norm="batch", noise=0.5)], (0,)).network.blocks[0].norm[1]
    shift = perturb(torch.zeros(400, 1, 600))[:, 0]
    means, stds = shift.mean(0), shift.std(0)
    assert means.std().item() == pytest.approx(0.5, rel=0.1)  # normal, times the strength
    assert stds.min() < 0.05 and 0.45 < stds.max() < 0.6  # uniform from 0 to the strength
    assert stds.mean().item() == pytest.approx(0.25, rel=0.1)


def test_noise_scales_what_it_is_given_and_vanishes_in_evaluation(tiny):
    perturb = Stack([small(tiny, norm="batch", noise=0.5)], (0,)).network.blocks[0].norm[1]
    x = torch.full((400, 1, 600), 100.0)
    variance = 0.5**2 * (1 + 1 / 3)  # of a normal, and of a normal times a uniform number
    assert perturb(x).var().item() == pytest.approx((100**2 + 1) * variance, rel=0.1)
    assert torch.equal(perturb.eval()(x), x)
