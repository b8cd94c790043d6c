"""The share of the variance between classes, against closed forms, NumPy and chance."""

import numpy as np
import pytest
import torch

from bncourse.experiments import Stack
from bncourse.experiments.probes import class_share

LABELS = torch.tensor([0, 0, 1, 1, 2, 2])[:, None].repeat(1, 2)
DIRECTIONS = np.random.default_rng(3).normal(size=(3, 4))


@pytest.fixture
def network(config):
    """Return a network of one layer that gives its 4 inputs as they are."""
    stack = Stack([config(depth=1, width=4, activation="identity")], [0, 1], dtype=torch.float64)
    stack.network.blocks[0].linear.weight = torch.nn.Parameter(
        torch.eye(4).double().repeat(2, 1, 1)
    )
    return stack.network


def share(network, samples, labels=LABELS):
    x = torch.as_tensor(np.asarray(samples))[:, None].repeat(1, 2, 1)
    return class_share(network, x, labels)["class_share"][:, 0].numpy()


def test_samples_that_are_all_at_the_mean_of_their_class_have_a_share_of_one(network):
    assert share(network, DIRECTIONS[[0, 0, 1, 1, 2, 2]]) == pytest.approx(1)


def test_equidistant_samples_have_a_share_of_zero_whatever_the_labels(network):
    simplex = np.eye(4)  # four samples, each as far from each other one
    for labels in ([0, 0, 1, 1], [0, 0, 0, 1], [2, 1, 0, 2]):
        found = share(network, simplex, torch.tensor(labels)[:, None].repeat(1, 2))
        assert found == pytest.approx(0, abs=1e-12)


def test_a_known_variance_within_and_between_gives_the_known_share(network):
    step = np.array([1.0, 0, 0, 0])
    samples = np.stack([(3 * k + side) * step for k in range(3) for side in (-1, 1)])
    # within: 6 of 6 - 3; in all: 6 + 2 * (9 + 0 + 9) of 6 - 1
    assert share(network, samples) == pytest.approx(1 - (6 / 3) / (42 / 5))


def test_neither_scale_nor_offset_of_the_outputs_has_an_influence(network):
    samples = np.random.default_rng(4).normal(size=(6, 4))
    expected = share(network, samples)
    assert share(network, 1e-8 * samples) == pytest.approx(expected)
    assert share(network, 1e3 + samples) == pytest.approx(expected)


def test_labels_drawn_by_lot_give_a_share_of_zero_on_average(network):
    rng = np.random.default_rng(5)
    samples = rng.exponential(size=(24, 4))
    labels = torch.from_numpy(rng.integers(0, 3, (24, 400)))
    pairs = labels.view(24, 200, 2).unbind(1)
    shares = np.concatenate([share(network, samples, pair) for pair in pairs])
    assert abs(shares.mean()) < 3 * shares.std() / np.sqrt(shares.size)


def test_where_nothing_varies_or_every_sample_is_a_class_of_its_own_there_is_no_share(network):
    assert np.isnan(share(network, np.ones((6, 4)))).all()
    alone = torch.arange(6)[:, None].repeat(1, 2)
    assert np.isnan(share(network, np.random.default_rng(6).normal(size=(6, 4)), alone)).all()


@pytest.mark.parametrize("kind", [{"placement": "after", "norm": "batch"}, {"model": "cnn"}])
def test_shares_are_those_of_the_layers_outputs_of_each_member_alone(make, members, kind):
    stack, x, y = make(**kind)
    found = class_share(stack.network, x, y)["class_share"]
    for e, (plain, x_one, _, _) in enumerate(members(stack, x, y, **kind)):
        for layer, out in enumerate(plain(x_one)[1].outputs):
            expected = adjusted(out.detach().numpy().reshape(len(y), -1), y[:, e].numpy())
            np.testing.assert_allclose(found[e, layer], expected, rtol=1e-9)


def adjusted(samples, labels):
    """Return 1 minus the pooled variance within classes over the variance of all samples."""
    groups = [samples[labels == label] for label in set(labels.tolist())]
    inside = sum(((g - g.mean(0)) ** 2).sum() for g in groups) / (len(samples) - len(groups))
    return 1 - inside / samples.var(0, ddof=1).sum()
