"""Models in good health, of many kinds: no cause is named."""

import pytest
import torch
from torch import nn
from torch.nn import functional as F

import bncourse.nn
from bncourse.troubleshooting import diagnose

HEALTHY = {}


def healthy(*architectures):
    """Register a maker of healthy models: it returns the arguments of `diagnose`."""

    def register(make):
        for name in architectures:
            HEALTHY[make.__name__, name] = make
        return make

    return register


ALL = "mlp", "convnet", "resnet", "sequence", "functional", "ours"


def seen(lab, name, network, batches, **more):
    """Return arguments of `diagnose`, with other samples for evaluation."""
    other = lab.batches(lab.kind(name), count=96, seed=2)
    return {"model": network.eval(), "training_loader": batches, "evaluation_loader": other, **more}


@healthy(*ALL)
def trained(lab, name):
    return seen(lab, name, *lab.trained(name))


@healthy("mlp", "resnet")
def trained_longer_at_a_large_rate(lab, name):
    return seen(lab, name, *lab.trained(name, epochs=12, rate=0.5))


@healthy("mlp", "sequence", "ours")
def with_dropout(lab, name):
    return seen(lab, name, *lab.trained(name, dropout=0.1))


@healthy("resnet", "mlp")
def untrained_but_warmed_up(lab, name):
    network, batches = lab.network(name), lab.batches(lab.kind(name))
    with torch.no_grad():
        for x, _ in 8 * batches:
            network(x)
    return seen(lab, name, network, batches)


@healthy("resnet")
def started_with_scales_of_zero(lab, name):
    network, batches = lab.network(name), lab.batches(lab.kind(name))
    nn.init.zeros_(network[3].bn2.weight)
    with torch.no_grad():
        for x, _ in 8 * batches:
            network(x)
    return seen(lab, name, network, batches)


@healthy("mlp", "convnet")
def without_scale_and_shift(lab, name):
    return seen(lab, name, *lab.trained(name, affine=False))


@healthy("mlp", "ours")
def plain_average_made_anew(lab, name):
    network, batches = lab.trained(name, momentum=None)
    network.train()
    for norm in lab.norms(network):
        norm.reset_running_stats()
    with torch.no_grad():
        for x, _ in batches:
            network(x)
    return seen(lab, name, network, batches)


@healthy("convnet", "sequence")
def with_small_batches_of_images(lab, name):
    batches = lab.batches(lab.kind(name), size=4, count=64)
    return seen(lab, name, lab.train(lab.network(name), batches, epochs=3), batches)


@healthy("mlp")
def with_batches_of_eight(lab, name):
    batches = lab.batches(lab.kind(name), size=8, count=128)
    return seen(lab, name, lab.train(lab.network(name), batches), batches)


@healthy("convnet")
def group_norm(lab, name):
    network, batches = lab.network(name, norm=lambda c: nn.GroupNorm(2, c)), lab.batches("images")
    return seen(lab, name, lab.train(network, batches), batches)


@healthy("mlp")
def layer_norm(lab, name):
    network, batches = lab.network(name, norm=bncourse.nn.LayerNorm), lab.batches("vectors")
    return seen(lab, name, lab.train(network, batches), batches)


@healthy("convnet", "resnet")
def instance_norm(lab, name):
    network, batches = lab.network(name, norm=nn.InstanceNorm2d), lab.batches("images")
    return seen(lab, name, lab.train(network, batches), batches)


@healthy("convnet")
def instance_norm_that_tracks(lab, name):
    network = lab.network(name, norm=lambda c: nn.InstanceNorm2d(c, track_running_stats=True))
    batches = lab.batches("images")
    return seen(lab, name, lab.train(network, batches), batches)


@healthy("mlp", "sequence")
def no_norm(lab, name):
    network, batches = lab.network(name, norm=nn.Identity), lab.batches(lab.kind(name))
    return seen(lab, name, lab.train(network, batches, rate=0.01), batches)


class Pair(nn.Module):
    """Two views through one network, as in contrastive learning."""

    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, x):
        return self.network(x), self.network(1.02 * x)


@healthy("mlp", "convnet")
def two_views_of_the_same(lab, name):
    network, batches = lab.trained(name)
    return seen(lab, name, Pair(network), batches)


class Rests(nn.Module):
    """A frozen part that stays in evaluation mode, whatever is called, and a head."""

    def __init__(self, body, head):
        super().__init__()
        self.body, self.head = body.requires_grad_(False), head

    def train(self, mode=True):
        super().train(mode)
        self.body.eval()
        return self

    def forward(self, x):
        return self.head(self.body(x))


@healthy("mlp", "resnet")
def fine_tuned_with_a_frozen_body(lab, name):
    network, _ = lab.trained(name)
    other = lab.batches(lab.kind(name), seed=5, shift=2.5)
    tuned = Rests(network[:-1], nn.Linear(network[-1].in_features, 3))
    lab.train(tuned, other)
    return {"model": tuned.train(), "training_loader": other}


@healthy("mlp")
def in_sixteen_bits(lab, name):
    network, batches = lab.trained(name)
    batches = [(x.bfloat16(), y) for x, y in batches]
    return {"model": network.bfloat16().eval(), "training_loader": batches}


@healthy("mlp", "convnet", "sequence")
def folded_rightly(lab, name):
    network, batches = lab.trained(name)
    network.eval()
    parts = list(network)
    linear = isinstance(parts[0], nn.Linear)
    fuse = nn.utils.fusion.fuse_linear_bn_eval if linear else nn.utils.fusion.fuse_conv_bn_eval
    for k in (0, 4):
        parts[k], parts[k + 1] = fuse(parts[k], parts[k + 1]), nn.Identity()
    return seen(lab, name, nn.Sequential(*parts), batches, reference=network)


@healthy("mlp", "ours")
def with_an_evaluation_that_calls_eval(lab, name):
    network, batches = lab.trained(name)

    def evaluate(model):
        model.eval()
        with torch.no_grad():
            return [model(x).argmax(1) for x, _ in batches]

    return seen(lab, name, network, batches, evaluate=evaluate)


@healthy("mlp")
def one_batch_of_all_samples(lab, name):
    batches = lab.batches("vectors", size=256)
    network = lab.train(lab.network("mlp", momentum=1.0), batches, epochs=10)
    with torch.no_grad():
        network.train()(batches[0][0])
    return {"model": network.eval(), "training_loader": batches}


@healthy("mlp")
def count_of_updates_lost_with_an_old_checkpoint(lab, name):
    network, batches = lab.trained(name)
    for norm in lab.norms(network):
        norm.num_batches_tracked.zero_()
    return seen(lab, name, network, batches)


@healthy("mlp")
def scores_and_loss_in_a_dict(lab, name):
    network, batches = lab.trained(name)

    def forward(model, batch):
        return {"scores": model(batch["x"]), "embedding": model[:4](batch["x"])}

    loss = lambda outputs, batch: F.cross_entropy(outputs["scores"], batch["y"])  # noqa: E731
    batches = [{"x": x, "y": y} for x, y in batches]
    return {"model": network.eval(), "training_loader": batches, "forward": forward, "loss": loss}


@pytest.mark.parametrize(("make", "name"), HEALTHY)
def test_no_cause_is_named(lab, make, name):
    report = diagnose(**HEALTHY[make, name](lab, name))
    assert not report.causes, str(report)


def test_they_are_many():
    assert len(HEALTHY) >= 20
