"""The effective rank, against closed forms and NumPy."""

import numpy as np
import pytest
import torch
from scipy import stats

from bncourse.experiments import Stack
from bncourse.experiments.probes import effective_rank

LABELS = torch.zeros(8, 2, dtype=torch.int64)


@pytest.fixture
def network(config):
    """Return a network of one layer that gives its 4 inputs as they are."""
    stack = Stack([config(depth=1, width=4, activation="identity")], [0, 1], dtype=torch.float64)
    stack.network.blocks[0].linear.weight = torch.nn.Parameter(
        torch.eye(4).double().repeat(2, 1, 1)
    )
    return stack.network


def with_singular_values(*values):
    """Return the same rows for two members, a matrix (8, 4) with these singular values."""
    rng = np.random.default_rng(3)
    left = np.linalg.qr(rng.normal(size=(8, 4)))[0]
    right = np.linalg.qr(rng.normal(size=(4, 4)))[0]
    return torch.from_numpy(left * values @ right)[:, None].repeat(1, 2, 1)


def rank(network, x):
    return effective_rank(network, x, LABELS)["effective_rank"][:, 0]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((5, 5, 5, 5), 4),
        ((2, 0, 0, 0), 1),
        ((3, 3, 0, 0), 2),
        ((3, 1, 0, 0), 4 / 3**0.75),
        ((1e-8, 1e-8, 1e-8, 0), 3),
    ],
)
def test_known_singular_values_give_the_known_rank(network, values, expected):
    np.testing.assert_allclose(rank(network, with_singular_values(*values)), expected, rtol=1e-9)


def test_two_samples_have_a_rank_of_two_at_most(network):
    x = torch.randn(2, 2, 4, generator=torch.manual_seed(0)).double()
    assert (rank(network, x) <= 2).all()


def test_outputs_that_are_zero_or_infinite_have_no_rank_and_leave_the_other_member_its_own(network):
    x = with_singular_values(3, 3, 0, 0)
    for bad in (0, torch.inf):
        x[:, 1] = bad
        found = rank(network, x)
        assert found[0].item() == pytest.approx(2)
        assert found[1].isnan()


@pytest.mark.parametrize("kind", [{"placement": "after", "norm": "batch"}, {"model": "cnn"}])
def test_ranks_are_those_of_the_layers_outputs_of_each_member_alone(make, members, kind):
    stack, x, y = make(**kind)
    found = effective_rank(stack.network, x, y)["effective_rank"]
    for e, (plain, x_one, _, _) in enumerate(members(stack, x, y, **kind)):
        for layer, out in enumerate(plain(x_one)[1].outputs):
            matrix = np.moveaxis(out.detach().numpy(), 1, -1).reshape(-1, out.shape[1])
            entropy = stats.entropy(np.linalg.svd(matrix, compute_uv=False))
            np.testing.assert_allclose(found[e, layer], np.exp(entropy), rtol=1e-9)
