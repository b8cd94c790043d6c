"""The code that mends: typed as it stands, it mends."""

import copy

import pytest
import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset

from bncourse.troubleshooting import diagnose
from bncourse.troubleshooting.tree import texts

CAUSES = {cause["id"]: cause for branch in texts()["branch"] for cause in branch["cause"]}


def loaded(batches, **look):
    """Return a loader of the samples of some batches."""
    x, y = (torch.cat(parts) for parts in zip(*batches, strict=True))
    chance = torch.Generator().manual_seed(3)
    return DataLoader(TensorDataset(x, y), 32, generator=chance, **look)


def never_updated(lab):
    return lab.network("resnet").eval(), lab.batches("images"), None


def momentum(value, epochs=4):
    def make(lab):
        network, batches = lab.trained("mlp", epochs=epochs, momentum=value)
        return network.eval(), batches, None

    return make


def cumulative(lab):
    network = lab.network("mlp", momentum=None)
    lab.train(network, lab.batches("vectors", shift=-6.0, scale=5.0))
    batches = lab.batches("vectors")
    return lab.train(network, batches, epochs=1).eval(), batches, None


def lagging(lab):
    network, batches = lab.trained("convnet")
    network[0].weight.data *= 3
    return network.eval(), batches, None


def bad_variance(lab):
    network, batches = lab.trained("resnet")
    network[3].bn1.running_var.fill_(float("nan"))
    return network.eval(), batches, None


def dropout_shift(lab):
    network, batches = lab.trained("mlp", dropout=0.7)
    return network.eval(), batches, None


def batch_of_one(lab):
    network, _ = lab.trained("mlp")
    x, y = lab.batches("vectors", count=65, size=65)[0]
    return network.eval(), loaded([(x, y)], shuffle=True), None


def sorted_batches(lab):
    network, batches = lab.trained("convnet")
    x, y = (torch.cat(parts) for parts in zip(*batches, strict=True))
    order = y.argsort()
    return network.eval(), loaded([(x[order], y[order])]), None


def left_training(lab):
    network, batches = lab.trained("mlp")
    network.eval()[1].train()
    return network, batches, None


def untracked(lab):
    network, batches = lab.trained("ours", track_running_stats=False)
    return network.eval(), batches, None


def instance_average(lab):
    norm = lambda channels: nn.InstanceNorm2d(channels, track_running_stats=True)  # noqa: E731
    batches = lab.batches("images", shift=0.0)
    contrast = torch.logspace(-1, 1, 48).view(-1, 1, 1, 1)
    batches = [(contrast * (x + 1), y) for x, y in batches]
    return lab.train(lab.network("convnet", norm=norm), batches).eval(), batches, None


def frozen_moving(lab):
    network, batches = lab.trained("resnet")
    network[:4].requires_grad_(False)
    return network.train(), batches, None


def folded(network, factor=1.0, bias=True, keep=False):
    """Return a copy with each norm folded into the layer before it, perhaps wrongly."""
    network = copy.deepcopy(network)
    for k in (1, 5):
        norm, layer = network[k], network[k - 1]
        slope = factor * (norm.weight / (norm.running_var + norm.eps).sqrt()).detach()
        old = layer.bias.detach() if bias else 0
        layer.weight.data *= slope.view(-1, *[1] * (layer.weight.dim() - 1))
        layer.bias.data = norm.bias.detach() + slope * (old - norm.running_mean)
        if not keep:
            network[k] = nn.Identity()
    return network


def folds(name, **look):
    def make(lab):
        network, batches = lab.trained(name, epochs=8, rate=0.2)
        network[0].bias.data.fill_(3.0)
        return folded(network, **look).eval(), batches, network.eval()

    return make


def folded_twice(lab):
    network, batches = lab.trained("mlp", epochs=8, rate=0.2)
    return folded(network, keep=True).eval(), batches, None


def eps_mismatch(lab):
    batches = lab.batches("vectors", scale=0.03, shift=0.0)
    network = lab.train(lab.network("mlp", momentum=0.3), batches)
    other = copy.deepcopy(network)
    other[1].eps = other[5].eps = 1e-3
    return other.eval(), batches, network.eval()


def statistics_differ(lab):
    network, batches = lab.trained("ours")
    other = lab.network("ours")
    for mine, theirs in zip(other.parameters(), network.parameters(), strict=True):
        mine.data.copy_(theirs.data)
    return other.eval(), batches, network.eval()


MENDED = {
    "never_updated": never_updated,
    "momentum_large": momentum(0.99),
    "momentum_zero": momentum(0.0),
    "few_updates": momentum(0.01, epochs=2),
    "cumulative": cumulative,
    "lagging": lagging,
    "bad_variance": bad_variance,
    "dropout_shift": dropout_shift,
    "batch_of_one": batch_of_one,
    "sorted_batches": sorted_batches,
    "left_training": left_training,
    "untracked": untracked,
    "instance_average": instance_average,
    "frozen_moving": frozen_moving,
    "kept_norm": folds("mlp", keep=True),
    "folded_scale": folds("convnet", factor=1.3),
    "folded_bias": folds("mlp", bias=False),
    "folded_twice": folded_twice,
    "eps_mismatch": eps_mismatch,
    "statistics_differ": statistics_differ,
}


@pytest.mark.parametrize("cause", MENDED)
def test_what_was_found_is_gone_after_its_mend(lab, cause):
    model, loader, reference = MENDED[cause](lab)
    names = {"model": model, "training_loader": loader, "reference": reference, "torch": torch}
    for turn in range(4):  # a mend may name one layer, and there may be several
        report = diagnose(names["model"], names["training_loader"], reference=reference)
        found = [finding for finding in report.findings if finding.cause == cause]
        assert found or turn, f"it is not found in the first place: {report}"
        if not found:
            return
        exec(found[0].mend, names)
    raise AssertionError(str(report))


@pytest.mark.parametrize("cause", CAUSES)
def test_each_mend_is_code(cause):
    class Anything(dict):
        def __missing__(self, name):
            return "one"

    compile(CAUSES[cause]["mend"].format_map(Anything()), cause, "exec")


def test_a_norm_in_a_mend_is_addressed_where_it_is(lab):
    network, batches = lab.trained("functional")
    nn.init.constant_(network[5].gain, 0.0)
    report = diagnose(network.eval(), batches)
    mend = next(f.mend for f in report.findings if f.cause == "gamma_zero")
    assert 'get_submodule("5")' in mend


def test_the_loss_is_told_in_both_modes(lab):
    network, batches = lab.trained("mlp", momentum=0.0)
    report = diagnose(network.eval(), batches, loss=F.cross_entropy)
    with torch.no_grad():
        trained, evaluated = (
            sum(F.cross_entropy(network.train(mode)(x), y).item() for x, y in batches) / 5
            for mode in (True, False)
        )
    assert f"{trained:.3g} in training mode, {evaluated:.3g} in evaluation" in report.summary[1]
