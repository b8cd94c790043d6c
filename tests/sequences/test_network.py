"""The network computes what PyTorch's own layers compute, and looks at earlier tokens alone."""

import pytest
import torch
from torch import nn

from bncourse.sequences import Decoder, DynamicTanh, TextStack, Transformer

SEEDS = (3, 4)
WITHIN_A_TOKEN = ["layer", "rms", "none", DynamicTanh]


def stack(small, **settings):
    made = TextStack([Transformer(**small | settings)], SEEDS, dtype="float64")
    with torch.no_grad():  # no gamma of 1, no beta or bias of 0
        for values in made.network.parameters():
            values.add_(0.3 * torch.randn_like(values))
    return made


def changed_places(small, change, mode, **settings):
    """Return which logits move when one token is another one, (sequences, places)."""
    network = stack(small, **settings).network.train(mode)
    x = torch.randint(5, (4, 2, 6))
    other = x.clone()
    other[0, 0, change] = (x[0, 0, change] + 1) % 5
    return (network(x) - network(other)).abs().amax((2, 3)) > 1e-9


@pytest.fixture(autouse=True)
def same_numbers():
    torch.manual_seed(0)


@pytest.mark.parametrize("residual", ["pre", "post"])
@pytest.mark.parametrize("norm", WITHIN_A_TOKEN)
def test_a_later_token_does_not_move_what_is_said_before(small, norm, residual):
    moved = changed_places(small, 3, True, norm=norm, residual=residual)
    assert not moved[0, :3].any() and moved[0, 3:].all() and not moved[1:].any()


def test_batch_norm_lets_the_future_and_other_sequences_in_while_it_trains(small):
    assert changed_places(small, 5, True, norm="batch").all()
    moved = changed_places(small, 5, True, norm="batch", norm_batch=1)
    assert moved[0].all() and not moved[1:].any()
    moved = changed_places(small, 3, False, norm="batch")
    assert not moved[0, :3].any() and not moved[1:].any()


def test_one_member_does_not_feel_another(small):
    network = stack(small, norm="batch").network
    x = torch.randint(5, (4, 2, 6))
    before = network(x)[:, :, 0]
    with torch.no_grad():
        for values in network.parameters():
            values[1] = torch.nan
    torch.testing.assert_close(network(x)[:, :, 0], before)


def loaded(block, attention, dense, member):
    """Put the weights of one member into a block of PyTorch."""

    def copy(to, weight, bias):
        to.weight.data, to.bias.data = weight[member].clone(), bias[member].clone()

    block.self_attn.in_proj_weight.data = attention.inside.inward.weight[member].clone()
    block.self_attn.in_proj_bias.data = attention.inside.inward.bias[member].clone()
    for to, linear in (
        (block.self_attn.out_proj, attention.inside.outward),
        (block.linear1, dense.inside.inward),
        (block.linear2, dense.inside.outward),
        (block.norm1, attention.norm),
        (block.norm2, dense.norm),
    ):
        copy(to, linear.weight, linear.bias)
    return block


@pytest.mark.parametrize("residual", ["pre", "post"])
@pytest.mark.parametrize("activation", ["relu", "gelu"])
@pytest.mark.parametrize("member", [0, 1])
def test_one_member_is_a_stack_of_the_blocks_of_pytorch(small, residual, activation, member):
    made = stack(small, residual=residual, activation=activation, heads=4)
    network, width = made.network, small["width"]
    x = torch.randint(5, (4, 2, 6))
    one = x[:, member]
    y = network.embedding.weight[member].T[one] + network.embedding.bias[member]
    y = y + network.places[member].T
    mask = nn.Transformer.generate_square_subsequent_mask(6, dtype=torch.float64)
    branches = list(network.branches)
    for attention, dense in zip(branches[::2], branches[1::2], strict=True):
        block = nn.TransformerEncoderLayer(
            *(width, 4, 4 * width, 0.0, activation),
            batch_first=True,
            norm_first=residual == "pre",
            dtype=torch.float64,
        )
        y = loaded(block, attention, dense, member)(y, src_mask=mask)
    if residual == "pre":
        ending = network.ending
        y = nn.functional.layer_norm(y, (width,), ending.weight[member], ending.bias[member])
    logits = y @ network.head.weight[member].T + network.head.bias[member]
    torch.testing.assert_close(network(x)[:, :, member], logits)


def test_dynamic_tanh_is_its_formula():
    norm = DynamicTanh(2, 3).double()
    with torch.no_grad():
        for values in norm.parameters():
            values.copy_(torch.randn_like(values))
    x = torch.randn(4, 2, 3, dtype=torch.float64)
    for sample in range(4):
        for member in range(2):
            gamma, beta, alpha = (p[member] for p in (norm.weight, norm.bias, norm.alpha))
            expected = gamma * torch.tanh(alpha * x[sample, member]) + beta
            torch.testing.assert_close(norm(x)[sample, member], expected)


def test_a_network_of_any_size_can_be_made():
    made = Decoder([Transformer(depth=1, width=6, heads=3)], (0,), tokens=7, context=4)
    assert made(torch.zeros(2, 1, 4, dtype=torch.long)).shape == (2, 4, 1, 7)
