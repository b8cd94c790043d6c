"""Answers to the lab as people write them: right ones in many styles, and wrong ones."""

from copy import deepcopy

import torch
from torch import nn


def norms_of(network):
    return [m for m in network.modules() if isinstance(m, nn.BatchNorm1d)]


def layers_of(network):
    return [m for m in network.modules() if not list(m.children())]


def all_as_one_batch(network, batches):
    rates = [norm.momentum for norm in norms_of(network)]
    for norm in norms_of(network):
        norm.momentum = 1.0
    network.train()
    with torch.no_grad():
        network(torch.cat(batches))
    network.eval()
    for norm, rate in zip(norms_of(network), rates, strict=True):
        norm.momentum = rate


def many_passes(network, batches):
    rates = [norm.momentum for norm in norms_of(network)]
    for norm in norms_of(network):
        norm.momentum = 0.05
    network.train()
    with torch.no_grad():
        for _ in range(40):
            for x in batches:
                network(x)
    network.eval()
    for norm, rate in zip(norms_of(network), rates, strict=True):
        norm.momentum = rate


def library(network, batches):
    torch.optim.swa_utils.update_bn(batches, network)
    network.eval()


def layer_by_layer(network, batches):
    network.eval()
    z = torch.cat(batches)
    with torch.no_grad():
        for layer in layers_of(network):
            if isinstance(layer, nn.BatchNorm1d):
                layer.running_mean.copy_(z.mean(0))
                layer.running_var.copy_(z.var(0, correction=0))
            z = layer(z)


def with_a_copy(network, batches):
    copy = deepcopy(network).train()
    for norm in norms_of(copy):
        norm.momentum = 1.0
    sums = [torch.zeros(2, norm.num_features) for norm in norms_of(copy)]
    with torch.no_grad():
        for x in batches:
            copy(x)
            for total, norm in zip(sums, norms_of(copy), strict=True):
                total += len(x) * torch.stack([norm.running_mean, norm.running_var])
    count = sum(len(x) for x in batches)
    for total, norm in zip(sums, norms_of(network), strict=True):
        norm.running_mean, norm.running_var = total / count
    network.eval()


def only_the_norms_in_training(network, batches):
    network.eval()
    for norm in norms_of(network):
        norm.reset_running_stats()
        norm.train()
        rate, norm.momentum = norm.momentum, None
        norm.kept = rate
    with torch.no_grad():
        for x in batches:
            network(x)
    for norm in norms_of(network):
        norm.momentum = norm.kept
        norm.eval()


RIGHT = [
    all_as_one_batch,
    many_passes,
    library,
    layer_by_layer,
    with_a_copy,
    only_the_norms_in_training,
]


def only_resets(network, batches):
    for norm in norms_of(network):
        norm.reset_running_stats()
    network.eval()


def passes_in_evaluation(network, batches):
    network.eval()
    for x in batches:
        network(x)


def does_nothing(network, batches):
    network.eval()


def momentum_none(network, batches):
    for norm in norms_of(network):
        norm.kept, norm.momentum = norm.momentum, None
    network.train()
    for x in batches:
        network(x)
    network.eval()
    for norm in norms_of(network):
        norm.momentum = norm.kept


def reset_and_pass(network, batches):
    for norm in norms_of(network):
        norm.reset_running_stats()
    network.train()
    with torch.no_grad():
        for x in batches:
            network(x)
    network.eval()


def another_epoch(network, batches):
    network.train()
    for x in batches:
        network(x)
    network.eval()


def cumulative_for_ever(network, batches):
    network.train()
    for norm in norms_of(network):
        norm.reset_running_stats()
        norm.momentum = None
    for x in batches:
        network(x)
    network.eval()


def with_rate_one(network, batches):
    for norm in norms_of(network):
        norm.kept, norm.momentum = norm.momentum, 1.0
    network.train()
    for x in batches:
        network(x)
    network.eval()
    for norm in norms_of(network):
        norm.momentum = norm.kept


def all_in_old_company(network, batches):
    network.eval()
    z, found = torch.cat(batches), []
    for layer in layers_of(network):
        if isinstance(layer, nn.BatchNorm1d):
            found.append((layer, z.mean(0), z.var(0)))
        z = layer(z)
    for norm, mean, var in found:
        norm.running_mean.copy_(mean)
        norm.running_var.copy_(var)


def with_std(network, batches):
    network.eval()
    z = torch.cat(batches)
    for layer in layers_of(network):
        if isinstance(layer, nn.BatchNorm1d):
            network.train()
            layer(z)
            network.eval()
            layer.running_mean.copy_(z.mean(0))
            layer.running_var.copy_(z.var(0))
        z = layer(z).detach()
    for norm in norms_of(network):
        norm.running_var.copy_(norm.running_var.sqrt())


def trains_on(network, batches):
    optimizer = torch.optim.SGD(network.parameters(), 0.1)
    network.train()
    for x in batches:
        optimizer.zero_grad()
        network(x).square().mean().backward()
        optimizer.step()
    all_as_one_batch(network, batches)


def trains_on_a_little(network, batches):
    all_as_one_batch(network, batches)
    with torch.no_grad():
        network[-1].weight *= 1.1


def stays_in_training(network, batches):
    all_as_one_batch(network, batches)
    network.train()


def mends_a_copy(network, batches):
    all_as_one_batch(deepcopy(network), batches)


def first_batch(network, batches):
    all_as_one_batch(network, batches[:1])


def three_passes(network, batches):
    network.train()
    for x in 3 * batches:
        network(x)
    network.eval()


def with_rate(rate):
    def answer(network, batches):
        found = [norm.momentum for norm in norms_of(network)]
        for norm in norms_of(network):
            norm.reset_running_stats()
            norm.momentum = rate(batches)
        network.train()
        with torch.no_grad():
            for x in batches:
                network(x)
        network.eval()
        for norm, momentum in zip(norms_of(network), found, strict=True):
            norm.momentum = momentum

    return answer


def resets_parameters(network, batches):
    for norm in norms_of(network):
        norm.reset_parameters()
    all_as_one_batch(network, batches)


def holds_parameters(network, batches):
    network.requires_grad_(False)
    all_as_one_batch(network, batches)


def throws_them_away(network, batches):
    for norm in norms_of(network):
        norm.track_running_stats = False
        norm.running_mean = norm.running_var = None
    network.eval()


def takes_one_tensor(network, batches):
    network(batches)


def top_level_only(network, batches):
    norms = [m for m in network.children() if isinstance(m, nn.BatchNorm1d)]
    rates = [m.momentum for m in norms]
    network.eval()
    for m in norms:
        m.train()
        m.momentum = 1.0
    with torch.no_grad():
        network(torch.cat(batches))
    for m, r in zip(norms, rates, strict=True):
        m.momentum = r
    network.eval()


def rate_set_to_a_tenth(network, batches):
    all_as_one_batch(network, batches)
    for m in norms_of(network):
        m.momentum = 0.1


def small_batch_counts_as_much_and_default_rate(network, batches):
    library(network, batches)
    for m in norms_of(network):
        m.momentum = 0.1


def statistics_of_the_output(network, batches):
    network.eval()
    seen = {m: [] for m in norms_of(network)}
    hooks = [m.register_forward_hook(lambda mod, i, o: seen[mod].append(o.detach())) for m in seen]
    with torch.no_grad():
        for b in batches:
            network(b)
        for m, outs in seen.items():
            z = torch.cat(outs)
            m.running_mean.copy_(z.mean(0))
            m.running_var.copy_(z.var(0))
    for h in hooks:
        h.remove()


def deviation_written_as_variance(network, batches):
    network.eval()
    for m in norms_of(network):
        met = []
        h = m.register_forward_pre_hook(lambda mod, a, met=met: met.append(a[0].detach()))
        with torch.no_grad():
            for b in batches:
                network(b)
        h.remove()
        z = torch.cat(met)
        m.running_mean.data = z.mean(0)
        m.running_var.data = z.std(0)


def back_to_its_mode(network, batches):
    was = network.training
    network.eval()
    rates = {}
    for m in network.modules():
        if isinstance(m, nn.BatchNorm1d):
            rates[m] = m.momentum
            m.train()
            m.momentum = 1.0
    with torch.no_grad():
        network(torch.cat(batches))
    for m, rate in rates.items():
        m.momentum = rate
    network.train(was)


WRONG = [
    (top_level_only, {"lag-first-layer-alone"}),
    (rate_set_to_a_tenth, {"lag-rate-left-changed"}),
    (small_batch_counts_as_much_and_default_rate, {"lag-rate-left-changed"}),
    (statistics_of_the_output, {"lag-statistics-of-the-output"}),
    (deviation_written_as_variance, {"lag-deviation-stored-on-the-way"}),
    (only_resets, {"lag-reset-alone"}),
    (passes_in_evaluation, {"lag-left-as-it-was"}),
    (does_nothing, {"lag-left-as-it-was"}),
    (momentum_none, {"lag-old-average-kept"}),
    (reset_and_pass, {"lag-same-slow-rate"}),
    (another_epoch, {"lag-same-slow-rate", "lag-old-average-kept"}),
    (cumulative_for_ever, {"lag-rate-left-changed"}),
    (with_rate_one, {"lag-last-batch-alone"}),
    (all_in_old_company, {"lag-old-layers-below"}),
    (with_std, {"lag-deviation-stored"}),
    (trains_on, {"weights-held"}),
    (trains_on_a_little, {"weights-held"}),
    (stays_in_training, {"lag-left-in-training-mode"}),
    (takes_one_tensor, None),
    (mends_a_copy, {"lag-copy-mended"}),
    (first_batch, {"lag-first-batch-alone"}),
    (three_passes, {"old-forgotten"}),
    (with_rate(lambda batches: 1 / len(batches)), {"lag-rate-one-over-count"}),
    (with_rate(lambda batches: 0.5), {"lag-last-few-batches"}),
    (with_rate(lambda batches: 0.07), {"start-forgotten"}),
    (resets_parameters, {"lag-scale-and-shift-reset"}),
    (holds_parameters, {"parameters-left-held"}),
    (throws_them_away, {"wrong-kind"}),
    (back_to_its_mode, {"lag-mode-as-it-came"}),
]
