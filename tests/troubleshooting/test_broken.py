"""Models that are broken in one way each, in several architectures: each is named."""

import copy

import pytest
import torch
from torch import nn
from torch.nn import functional as F

import bncourse.nn
from bncourse.troubleshooting import diagnose

BROKEN = {}  # (cause, architecture): what makes the arguments of `diagnose`, and the layers to name


def broken(cause, *architectures):
    """Register a maker of broken models for some architectures."""

    def register(make):
        for name in architectures:
            BROKEN[cause, name] = make
        return make

    return register


MODULES = "mlp", "resnet", "sequence", "ours"  # ours is a small conv net
ALL = *MODULES, "functional"
SOME = "mlp", "resnet", "sequence"


def seen(model, batches, other=None, **more):
    """Return arguments of `diagnose`."""
    return {"model": model, "training_loader": batches, "evaluation_loader": other, **more}


@broken("never_updated", *ALL)
def never_run_in_training_mode(lab, name):
    return seen(lab.network(name).eval(), lab.batches(lab.kind(name)))


@broken("few_updates", *MODULES)
def momentum_of_keras_translated_and_a_short_run(lab, name):
    network, batches = lab.trained(name, epochs=2, momentum=0.01)
    return seen(network.eval(), batches)


@broken("lagging", *ALL)
def trained_on_and_the_statistics_left_behind(lab, name):
    network, batches = lab.trained(name)
    with torch.no_grad():  # as if the weights came from elsewhere: an average, a checkpoint
        for parameter in network.parameters():
            if parameter.dim() > 1:
                parameter *= 1.7
    return seen(network.eval(), batches)


@broken("cumulative", *SOME)
def average_over_the_whole_training(lab, name):
    network = lab.network(name, momentum=None)
    batches = lab.batches(lab.kind(name))
    lab.train(network, lab.batches(lab.kind(name), shift=-6.0, scale=5.0))
    return seen(lab.train(network, batches, epochs=1).eval(), batches)


@broken("momentum_large", "mlp", "functional")
def momentum_of_keras(lab, name):
    network, batches = lab.trained(name, momentum=0.99)
    return seen(network.eval(), batches)


@broken("momentum_zero", *MODULES)
def momentum_switched_off(lab, name):
    network, batches = lab.trained(name, momentum=0.0)
    return seen(network.eval(), batches)


@broken("batch_of_one", "mlp", "functional")
def one_sample_left(lab, name):
    network, batches = lab.trained(name)
    x, y = batches[0]
    return seen(network.eval(), [*batches, (x[:1], y[:1])])


@broken("instance_average", "convnet", "resnet", "sequence")
def instance_norm_that_tracks_images_of_different_contrast(lab, name):
    norm = nn.InstanceNorm1d if name == "sequence" else nn.InstanceNorm2d
    network = lab.network(name, norm=lambda channels: norm(channels, track_running_stats=True))
    batches = lab.batches(lab.kind(name), shift=0.0)
    contrast = torch.logspace(-1, 1, 48).view(-1, *[1] * (batches[0][0].dim() - 1))
    batches = [(contrast * (x + 1), y) for x, y in batches]
    return seen(lab.train(network, batches).eval(), batches)


@broken("eps_large", *SOME)
def eps_in_the_place_of_momentum(lab, name):
    network, batches = lab.network(name, eps=0.8), lab.batches(lab.kind(name))
    return seen(lab.train(network, batches).eval(), batches)


class Textbook(nn.Module):
    """A norm with averages of its own names, whose mode is whether gradients are on."""

    def __init__(self, channels):
        super().__init__()
        self.moving_mean, self.moving_var = torch.zeros(()), torch.ones(())

    def forward(self, x):
        axes = (0, *range(2, x.dim()))
        mean, var = self.moving_mean, self.moving_var
        if torch.is_grad_enabled():
            mean, var = x.mean(axes, keepdim=True), x.var(axes, keepdim=True)
            self.moving_mean = 0.99 * self.moving_mean + 0.01 * mean.detach()
            self.moving_var = 0.99 * self.moving_var + 0.01 * var.detach()
        return (x - mean) / (var + 1e-5).sqrt()


@broken("other_in_modes", *SOME)
def norm_of_ones_own_that_lags(lab, name):
    network, batches = lab.network(name, norm=Textbook), lab.batches(lab.kind(name))
    return seen(lab.train(network, batches).eval(), batches)


@broken("small_pools", "mlp", "functional")
def batches_of_four(lab, name):
    batches = lab.batches(lab.kind(name), count=96, size=4)
    return seen(lab.train(lab.network(name), batches).eval(), batches)


@broken("sorted_batches", *SOME, "functional")
def sorted_by_class(lab, name):
    batches = lab.batches(lab.kind(name))
    x, y = (torch.cat(parts) for parts in zip(*batches, strict=True))
    order = y.argsort(stable=True)
    batches = list(zip(x[order].split(48), y[order].split(48), strict=True))
    return seen(lab.train(lab.network(name), batches).eval(), batches)


class Twice(nn.Module):
    """Two layers with one norm."""

    def __init__(self, first, second, norm, rest):
        super().__init__()
        self.first, self.second, self.norm, self.rest = first, second, norm, rest

    def forward(self, x):
        x = F.relu(self.norm(self.first(x)))
        return self.rest(F.relu(self.norm(5 * self.second(x) + 3)))


@broken("shared", "mlp", "sequence", "functional", "ours")
def one_norm_in_two_places(lab, name):
    network, batches = lab.network(name), lab.batches(lab.kind(name))
    shared = Twice(network[0], network[4], network[1], network[8:])
    return seen(lab.train(shared, batches, epochs=6).eval(), batches)


@broken("dropout_shift", "mlp", "sequence", "functional", "ours")
def dropout_before_a_norm(lab, name):
    network, batches = lab.trained(name, dropout=0.7)
    return seen(network.eval(), batches)


@broken("untracked", *MODULES)
def without_running_statistics(lab, name):
    network, batches = lab.trained(name, track_running_stats=False)
    return seen(network.eval(), batches)


@broken("left_training", *MODULES)
def one_norm_left_in_training_mode(lab, name):
    network, batches = lab.trained(name)
    network.eval()
    lab.norms(network)[1].train()
    return seen(network, batches)


@broken("evaluated_in_training", *SOME, "functional")
def eval_forgotten(lab, name):
    network, batches = lab.trained(name)
    evaluate = lambda model: [model(x).argmax(1) for x, _ in batches]  # noqa: E731
    return seen(network, batches, evaluate=evaluate)


class Listed(nn.Module):
    """Blocks in a plain list, with a registered head."""

    def __init__(self, blocks, head):
        super().__init__()
        self.blocks, self.head = blocks, head

    def forward(self, x):
        for block in self.blocks:
            x = block(x)
        return self.head(x)


@broken("hidden_module", *SOME)
def blocks_in_a_plain_list(lab, name):
    network, batches = lab.trained(name)
    return seen(Listed(list(network)[:-1], network[-1]).eval(), batches)


class AlwaysTraining(nn.Module):
    """A norm that is written as a call, and whose author has forgotten the mode."""

    def __init__(self, channels):
        super().__init__()
        self.register_buffer("mean", torch.zeros(channels))
        self.register_buffer("var", torch.ones(channels))

    def forward(self, x):
        return F.batch_norm(x, self.mean, self.var, training=True)


@broken("functional_training", *SOME)
def function_that_is_always_in_training(lab, name):
    network, batches = lab.network(name, norm=AlwaysTraining), lab.batches(lab.kind(name))
    return seen(lab.train(network, batches).eval(), batches)


class Handmade(nn.Module):
    """A norm of one's own that knows no mode."""

    def __init__(self, channels, detached=False):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels))
        self.detached = detached

    def forward(self, x):
        axes = (0, *range(2, x.dim()))
        mean, var = x.mean(axes, keepdim=True), x.var(axes, keepdim=True)
        return (x - mean) / (var + 1e-5).sqrt() * self.weight.view(1, -1, *[1] * (x.dim() - 2))


@broken("handmade_batch", *SOME)
def norm_of_ones_own_without_a_mode(lab, name):
    network, batches = lab.network(name, norm=Handmade), lab.batches(lab.kind(name))
    return seen(lab.train(network, batches).eval(), batches)


class Detached(nn.BatchNorm1d):
    """A norm of one's own that keeps its statistics out of the graph."""

    def _check_input_dim(self, x):
        pass

    def forward(self, x):
        axes, shape = (0, *range(2, x.dim())), (1, -1, *[1] * (x.dim() - 2))
        with torch.no_grad():
            mean, var = self.running_mean, self.running_var
            if self.training:
                mean, var = x.mean(axes), x.var(axes, correction=0)
                self.running_mean.lerp_(mean, 0.1)
                self.running_var.lerp_(var, 0.1)
        x = (x - mean.view(shape)) / (var.view(shape) + self.eps).sqrt()
        return x * self.weight.view(shape) + self.bias.view(shape)


@broken("detached", *SOME)
def statistics_without_a_gradient(lab, name):
    network, batches = lab.network(name, norm=Detached), lab.batches(lab.kind(name))
    return seen(lab.train(network, batches), batches)


@broken("active_dropout", *SOME)
def dropout_left_active(lab, name):
    network, batches = lab.trained(name, dropout=0.3)
    network.eval()
    [m for m in network.modules() if isinstance(m, nn.Dropout)][-1].train()
    return seen(network, batches)


@broken("frozen_moving", *MODULES)
def frozen_by_requires_grad_alone(lab, name):
    network, batches = lab.trained(name)
    network[:-1].requires_grad_(False)
    return seen(network.train(), batches)


def other_inputs(lab, name, change):
    network, batches = lab.trained(name)
    other = lab.batches(lab.kind(name), seed=2, count=128)
    return seen(network.eval(), batches, [(change(x), y) for x, y in other])


@broken("unscaled", *SOME, "functional")
def divided_by_255_once_more(lab, name):
    return other_inputs(lab, name, lambda x: x / 255)


@broken("shifted", *SOME, "functional")
def mean_not_subtracted(lab, name):
    return other_inputs(lab, name, lambda x: x + 3)


@broken("channel_order", "convnet", "resnet", "ours")
def blue_green_red(lab, name):
    return other_inputs(lab, name, lambda x: x.flip(1))


@broken("input_not_finite", *SOME, "functional")
def one_nan_in_the_data(lab, name):
    network, batches = lab.trained(name)
    x, y = batches[3]
    batches[3] = (x.clone().index_fill_(0, torch.tensor([5]), float("nan")), y)
    return seen(network.eval(), batches)


@broken("bad_variance", *SOME)
def weights_and_buffers_subtracted(lab, name):
    network, batches = lab.trained(name)
    lab.norms(network)[1].running_var[2] = -0.1
    return seen(network.eval(), batches)


@broken("overflow", "mlp", "convnet", "sequence")
def in_sixteen_bits(lab, name):
    network, batches = lab.trained(name)
    with torch.no_grad():
        network[0].weight *= 1e5
    batches = [(x.half(), y) for x, y in batches]
    return seen(network.half().eval(), batches)


@broken("underflow", "mlp", "convnet", "sequence")
def variances_too_small_for_sixteen_bits(lab, name):
    batches = lab.batches(lab.kind(name), scale=1e-4, shift=0.0)
    network = lab.network(name, eps=1e-12, momentum=0.5)
    nn.init.zeros_(network[0].bias)
    with torch.no_grad():
        for x, _ in 8 * batches:
            network(x)
    return seen(network.half().eval(), [(x.half(), y) for x, y in batches])


@broken("constant_channels", *SOME)
def inputs_too_small(lab, name):
    batches = lab.batches(lab.kind(name), scale=1e-4, shift=0.0)
    return seen(lab.train(lab.network(name), batches).eval(), batches)


@broken("not_finite", *SOME)
def logarithm_of_what_relu_gives(lab, name):
    network, batches = lab.trained(name)
    return seen(nn.Sequential(network, nn.ReLU(), Logarithm()).eval(), batches)


class Logarithm(nn.Module):
    def forward(self, x):
        return x.log()


@broken("gamma_zero", "mlp", "convnet", "sequence", "ours")
def scales_decayed_to_nothing(lab, name):
    network, batches = lab.trained(name)
    nn.init.constant_(lab.norms(network)[1].weight, 1e-8)
    return seen(network.eval(), batches)


def folded(network, statistics=None, bias=True, keep=False):
    """Return a copy with each norm folded into the layer before it."""
    network = copy.deepcopy(network)
    for k, norm in enumerate(network):
        if not hasattr(norm, "running_mean"):
            continue
        layer = network[k - 1]
        mean, var = statistics or (norm.running_mean, norm.running_var)
        slope = (norm.weight / (var + norm.eps).sqrt()).detach()
        old = layer.bias.detach() if bias else 0
        layer.weight.data *= slope.view(-1, *[1] * (layer.weight.dim() - 1))
        layer.bias.data = norm.bias.detach() + slope * (old - mean)
        if not keep:
            network[k] = nn.Identity()
    return network


CHAINS = "mlp", "convnet", "sequence"


@broken("folded_twice", *CHAINS)
def folded_and_left_behind(lab, name):
    network, batches = lab.trained(name, epochs=8, rate=0.2)
    return seen(folded(network, keep=True).eval(), batches)


@broken("kept_norm", *CHAINS)
def folded_and_left_behind_beside_the_original(lab, name):
    network, batches = lab.trained(name)
    return seen(folded(network, keep=True).eval(), batches, reference=network.eval())


@broken("folded_scale", *CHAINS)
def folded_with_other_statistics(lab, name):
    network, batches = lab.trained(name)
    one = torch.tensor(0.5), torch.tensor(2.0)
    return seen(folded(network, one).eval(), batches, reference=network.eval())


@broken("folded_bias", *CHAINS)
def folded_without_the_bias_that_was_there(lab, name):
    network, batches = lab.trained(name)
    nn.init.constant_(network[0].bias, 3.0)
    return seen(folded(network, bias=False).eval(), batches, reference=network.eval())


@broken("eps_mismatch", *SOME)
def another_eps(lab, name):
    batches = lab.batches(lab.kind(name), scale=0.03, shift=0.0)
    network = lab.train(lab.network(name, momentum=0.3), batches)
    copied = copy.deepcopy(network)
    for norm in lab.norms(copied):
        norm.eps = 1e-3
    return seen(copied.eval(), batches, reference=network.eval())


@broken("statistics_differ", *MODULES)
def parameters_copied_without_buffers(lab, name):
    network, batches = lab.trained(name)
    copied = lab.network(name)
    for mine, other in zip(copied.parameters(), network.parameters(), strict=True):
        mine.data.copy_(other.data)
    return seen(copied.eval(), batches, reference=network.eval())


@broken("other_layer", *SOME)
def one_weight_not_loaded(lab, name):
    network, batches = lab.trained(name)
    copied = copy.deepcopy(network)
    nn.init.normal_(next(copied.parameters()))
    return seen(copied.eval(), batches, reference=network.eval())


@pytest.mark.parametrize(("cause", "name"), BROKEN)
def test_the_cause_is_named(lab, cause, name):
    report = diagnose(**BROKEN[cause, name](lab, name))
    assert cause in report.causes, str(report)


@pytest.mark.parametrize("name", ["convnet", "resnet", "sequence", "ours"])
def test_where_a_batch_is_large_anothers_momentum_is_told_as_perhaps(lab, name):
    network, batches = lab.trained(name, momentum=0.99)
    report = diagnose(network.eval(), batches)
    assert report.perhaps == ("momentum_large",) and not report.causes


def test_a_norm_whose_parameters_are_trained_while_it_rests_is_told_as_perhaps(lab):
    network, batches = lab.trained("mlp")
    network.train()
    network[1].eval()
    report = diagnose(network, batches)
    assert "half_frozen" in report.perhaps and not report.causes
    assert next(f for f in report.findings if f.cause == "half_frozen").layers == ("1",)


def test_a_model_that_is_given_in_training_mode_is_told_as_perhaps(lab):
    network, batches = lab.trained("convnet")
    report = diagnose(network.train(), batches)
    assert report.perhaps == ("given_in_training",) and not report.causes


def test_our_norms_are_found_as_functions_of_torch_are(lab):
    assert isinstance(lab.norms(lab.network("ours"))[0], bncourse.nn.BatchNorm2d)
