"""Residual blocks: what a branch adds at the start, and which parts belong to which layer."""

import pytest
import torch
from torch import nn

from bncourse.experiments import Config, Stack, grid

SKIPS = ["pre", "post"]
NORMS = ["none", "batch", "layer", "rms", "instance"]
CASES = [
    (model, norm, residual)
    for model, absent in (("mlp", "instance"), ("cnn", "rms"))
    for norm in NORMS
    for residual in SKIPS
    if norm != absent
]
every_case = pytest.mark.parametrize(("model", "norm", "residual"), CASES)


def small(data, **settings):
    return Config(data=data, **{"depth": 4, "width": 6, "batch_size": 8} | settings)


def values_for(config, seed=0):
    """Return outputs of a layer, (N, E, C, *S), not centred, for two members."""
    shape = (8, 2, config.width, *[4, 4] * (config.model == "cnn"))
    stream = torch.Generator().manual_seed(seed)
    return 1 + 2 * torch.randn(shape, generator=stream, dtype=torch.float64)


@every_case
@torch.no_grad()
def test_branch_scale_multiplies_what_every_branch_adds(tiny, model, norm, residual):
    settings = {"model": model, "norm": norm, "init": "torch"}  # with biases that are not 0
    config = small(tiny, activation="identity", residual=residual, **settings)
    whole, scaled = (
        Stack([config.replace(branch_scale=s)], (0, 1), dtype="float64").network for s in (1, 0.3)
    )
    x = values_for(config)
    for one, other in list(zip(whole.blocks, scaled.blocks, strict=True))[2:]:  # none is pooled
        added = one(x) - x
        assert added.abs().max() > 0.1
        torch.testing.assert_close(other(x) - x, 0.3 * added)


@every_case
def test_branch_scale_is_an_arm_and_changes_neither_first_layer_nor_head(
    tiny, model, norm, residual
):
    config = small(tiny, model=model, norm=norm, residual=residual)
    network = Stack(grid(config, branch_scale=[1, 0]), (0, 1), dtype="float64").network
    alike = [network.blocks[0].linear.weight, network.head.weight, network.blocks[0].linear.bias]
    alike += list(network.norms[0].parameters())
    for values in alike:
        assert torch.equal(values[:2], values[2:])


@every_case
@torch.no_grad()
def test_branches_of_scale_zero_begin_with_nothing(tiny, model, norm, residual):
    config = small(tiny, model=model, norm=norm, residual=residual, branch_scale=0)
    blocks = Stack([config], (0, 1), dtype="float64").network.blocks
    x = values_for(config).abs()  # the relu of the post-activation block keeps it
    for block in blocks[2:]:
        assert torch.equal(block(x), x)


@every_case
def test_branches_of_scale_zero_learn(tiny, model, norm, residual):
    config = small(tiny, model=model, norm=norm, residual=residual, branch_scale=0)
    stack = Stack([config], (0, 1), dtype="float64")
    x = values_for(config).abs()
    for batch in stack.batches():
        stack.step(*batch)
    with torch.no_grad():
        moved = [
            (block(x) - x).abs().amax((0, *range(2, x.ndim))) for block in stack.network.blocks[2:]
        ]
    assert (torch.stack(moved) > 0).all()


@pytest.mark.parametrize("scale", [1, 8**-0.5])
@pytest.mark.parametrize("norm", ["none", "batch", "layer"])
@torch.no_grad()
def test_mean_square_of_the_stream_grows_as_theory_says(tiny, norm, scale):
    # Weights of variance 2 / width and the relu give each branch the mean square of its input: 1
    # after a norm (De & Smith 2020), that of the stream itself without one.
    config = small(tiny, depth=9, width=256, residual="pre", norm=norm, branch_scale=scale)
    stack = Stack([config], range(8), dtype="float64")
    x = stack.network.blocks[0](next(stack.batches())[0])
    start = x.square().mean()
    for block in stack.network.blocks[1:]:
        x = block(x)
    expected = start * (1 + scale**2) ** 8 if norm == "none" else start + 8 * scale**2
    assert float(x.square().mean() / expected) == pytest.approx(1, rel=0.3)


@pytest.mark.parametrize("residual", [None, *SKIPS])
@pytest.mark.parametrize("model", ["mlp", "cnn"])
def test_norm_and_activation_of_a_layer_follow_its_linear_map(tiny, model, residual):
    network = Stack([small(tiny, model=model, norm="batch", residual=residual)], (0,)).network
    seen = []
    parts = [[block.linear for block in network.blocks], network.norms, network.activations]
    for kind, modules in zip(("linear", "norm", "activation"), parts, strict=True):
        assert len(modules) == 4
        for number, module in enumerate(modules):
            module.register_forward_hook(lambda *_, name=(kind, number): seen.append(name))
    network(torch.randn(8, 1, *((64,) if model == "mlp" else (1, 8, 8))))
    assert seen == [(k, i) for i in range(4) for k in ("linear", "norm", "activation")]


def test_input_as_wide_as_the_layers_does_not_skip_the_first(tiny):
    for residual in SKIPS:
        config = small(tiny, width=64, residual=residual, activation="identity")
        block = Stack([config], (0,), dtype="float64").network.blocks[0]
        x = torch.rand(5, 1, 64, dtype=torch.float64)
        torch.testing.assert_close(block(x)[:, 0], x[:, 0] @ block.linear.weight[0].T)


def test_branch_that_ends_with_a_norm_without_a_factor_cannot_be_scaled(tiny):
    def bare(members, channels):
        return nn.Tanh()

    settings = {"norm": bare, "branch_scale": 0.5}
    Stack([small(tiny, residual="pre", **settings)], (0,))  # ends with the linear map
    message = "branch_scale needs a parameter named weight .*bare.* with no parameters: name"
    with pytest.raises(ValueError, match=message):
        Stack([small(tiny, residual="post", **settings)], (0,))
