"""The broken runs of the chapter on debugging: `diagnose` names all seven.

Each is the code of the chapter, in short, on the same network and the same scanned digits.
"""

import copy

import pytest
import torch
from torch import nn
from torch.nn.functional import cross_entropy

from bncourse.data import digits
from bncourse.troubleshooting import diagnose


def new_network(momentum=0.1, norm=nn.BatchNorm1d):
    torch.manual_seed(0)
    layers = []
    for n_in in (64, 32):
        layers += [nn.Linear(n_in, 32), norm(32, momentum=momentum), nn.ReLU()]
    return nn.Sequential(*layers, nn.Linear(32, 10))


@pytest.fixture(scope="module")
def data():
    found = digits(0)
    x, y = (torch.from_numpy(getattr(found, f"{name}_train")) for name in "xy")
    return x, y, torch.from_numpy(found.mean), torch.from_numpy(found.std)


def shuffled(x, y, epochs=1, size=64):
    chance = torch.Generator().manual_seed(1)
    orders = (torch.randperm(len(x), generator=chance) for _ in range(epochs))
    return [(x[some], y[some]) for order in orders for some in order.split(size)]


def train(network, batches, rate=0.1):
    optimizer = torch.optim.SGD([p for p in network.parameters() if p.requires_grad], rate)
    for x, y in batches:
        optimizer.zero_grad()
        cross_entropy(network(x), y).backward()
        optimizer.step()
    return network


def trained(data, **look):
    x, y, *_ = data
    return train(new_network(**look), shuffled(x, y, epochs=3)), shuffled(x, y)


def test_the_healthy_network(data):
    network, batches = trained(data)
    report = diagnose(network, batches)
    assert not report.causes and report.perhaps == ("given_in_training",)


def test_the_score_that_depends_on_the_batch_size(data):
    network, batches = trained(data)

    def broken_scores(network):
        with torch.no_grad():
            return torch.cat([network(part) for part in data[0].split(2)])

    assert diagnose(network, batches, evaluate=broken_scores).causes == ("evaluated_in_training",)


def test_the_averages_that_lag(data):
    x, y, mean, std = data
    grey = x * std + mean
    network = train(new_network(momentum=1 / 100), shuffled(grey, y, epochs=2))
    report = diagnose(network.eval(), shuffled(grey, y))
    assert report.causes == ("few_updates",)


def test_the_frozen_body_that_moves(data):
    network, batches = trained(data)
    network[:6].requires_grad_(False)
    network[6] = nn.Linear(32, 10)
    report = diagnose(network.train(), [(2 * x + 2, y) for x, y in batches])
    assert "frozen_moving" in report.causes


def test_the_body_that_was_frozen_and_has_moved_beside_the_old_one(data):
    network, batches = trained(data)
    old = copy.deepcopy(network)
    network[:6].requires_grad_(False)
    train(network.train(), [(2 * x + 2, y) for x, y in batches])
    network[6] = old[6]
    report = diagnose(network.eval(), batches, reference=old.eval())
    assert "statistics_differ" in report.causes


@torch.no_grad()
def broken_fold(linear, norm):
    n_in, n_out = linear.in_features, linear.out_features
    rows = torch.cat([torch.zeros(1, n_in), torch.eye(n_in)])
    y = norm(linear(rows))
    folded = nn.Linear(n_in, n_out)
    folded.bias.copy_(y[0])
    folded.weight.copy_((y[1:] - y[0]).T)
    return folded


def test_the_fold_in_training_mode(data):
    network, batches = trained(data)
    linear, norm = copy.deepcopy(network)[:2].train()
    folded = nn.Sequential(broken_fold(linear, norm), nn.Identity(), *copy.deepcopy(network)[2:])
    report = diagnose(folded.eval(), batches, reference=network.eval())
    assert "folded_scale" in report.causes


class Handmade(nn.BatchNorm1d):
    def forward(self, x):
        with torch.no_grad():
            mean, var = x.mean(0), x.var(0, correction=0)
        return self.weight * (x - mean) / torch.sqrt(var + 1e-5) + self.bias


def test_the_gradient_that_is_wrong(data):
    network, batches = trained(data, norm=Handmade)
    assert "detached" in diagnose(network, batches).causes


def test_the_last_batch(data):
    network, _ = trained(data)
    x, y, *_ = data
    report = diagnose(network, shuffled(x[:65], y[:65]))
    assert "batch_of_one" in report.causes


def test_the_shares_with_few_classes(data):
    x, y, *_ = data
    order = y.argsort(stable=True)
    shares = list(zip(x[order].chunk(5), y[order].chunk(5), strict=True))
    network, chance = new_network(), torch.Generator().manual_seed(2)
    draws = [
        [torch.randint(len(share), (13,), generator=chance) for share, _ in shares]
        for _ in range(100)
    ]
    batches = [
        (images[some], labels[some])
        for draw in draws
        for some, (images, labels) in zip(draw, shares, strict=True)
    ]
    train(network, batches)
    report = diagnose(network.eval(), batches[:50])
    assert "sorted_batches" in report.causes
