"""Answers to the exercise as people write them: right ones in many styles, and wrong ones."""

from copy import deepcopy

import torch
from torch import nn
from torch.optim.swa_utils import update_bn


def norms_of(model):
    return [m for m in model.modules() if isinstance(m, nn.modules.batchnorm._BatchNorm)]


def with_rate_one(model, batches):
    """Store each batch alone, and average what was stored, as the chapter does."""
    was_training, layers = model.training, norms_of(model)
    rates = [layer.momentum for layer in layers]
    model.eval()
    for layer in layers:
        layer.train()
        layer.momentum = 1.0
    stored = []
    with torch.no_grad():
        for batch in batches:
            model(batch)
            stored.append([(la.running_mean.clone(), la.running_var.clone()) for la in layers])
    for k, layer in enumerate(layers):
        layer.running_mean.copy_(torch.stack([s[k][0] for s in stored]).mean(0))
        layer.running_var.copy_(torch.stack([s[k][1] for s in stored]).mean(0))
        layer.momentum = rates[k]
    model.train(was_training)


def with_a_growing_count(model, batches):
    modes = {module: module.training for module in model.modules()}
    layers = norms_of(model)
    rates = {layer: layer.momentum for layer in layers}
    model.eval()
    for t, batch in enumerate(batches, 1):
        for layer in layers:
            layer.train()
            layer.momentum = 1 / t
        with torch.no_grad():
            model(batch)
    for layer in layers:
        layer.momentum = rates[layer]
    for module, mode in modes.items():
        module.training = mode


def with_hooks(model, batches):
    """Collect what the layers meet, and compute the statistics by hand."""
    was_training, layers, met = model.training, norms_of(model), {}
    kept = deepcopy(model.state_dict())
    hooks = [
        layer.register_forward_hook(lambda m, args, out: met.setdefault(m, []).append(args[0]))
        for layer in layers
    ]
    model.eval()
    for layer in layers:
        layer.train()
    with torch.no_grad():
        for batch in batches:
            model(batch)
    for hook in hooks:
        hook.remove()
    model.load_state_dict(kept)
    for layer in layers:
        layer.running_mean.data = torch.stack([z.mean(0) for z in met[layer]]).mean(0)
        layer.running_var.data = torch.stack([z.var(0) for z in met[layer]]).mean(0)
    model.train(was_training)


def on_a_copy(model, batches):
    copy = deepcopy(model).eval()
    for layer in norms_of(copy):
        layer.train()
        layer.momentum = None
        layer.reset_running_stats()
    for batch in batches:
        copy(batch)
    for layer, other in zip(norms_of(model), norms_of(copy), strict=True):
        layer.load_state_dict(other.state_dict())


def with_torchs_helper(model, batches):
    """Have dropout removed while torch's helper runs."""
    rates = [m.p for m in model.modules() if isinstance(m, nn.Dropout)]
    assert rates
    dropouts = [m for m in model.modules() if isinstance(m, nn.Dropout)]
    for dropout in dropouts:
        dropout.train = lambda mode=True, module=dropout: module
    was_training, modes = model.training, [dropout.training for dropout in dropouts]
    for dropout in dropouts:
        dropout.training = False
    update_bn(batches, model)
    for dropout, mode in zip(dropouts, modes, strict=True):
        del dropout.train
        dropout.training = mode
    model.train(was_training)


def returning_the_model(model, batches):
    with_rate_one(model, batches)
    return model


RIGHT = [
    with_rate_one,
    with_a_growing_count,
    with_hooks,
    on_a_copy,
    with_torchs_helper,
    returning_the_model,
]


def torchs_helper(model, batches):
    update_bn(batches, model)


def a_few_passes(model, batches):
    was_training = model.training
    model.train()
    with torch.no_grad():
        for batch in batches:
            model(batch)
    model.train(was_training)


def in_evaluation_mode(model, batches):
    with torch.no_grad():
        for layer in norms_of(model):
            layer.momentum = None
        model.eval()
        for batch in batches:
            model(batch)


def never_reset(model, batches):
    was_training, layers = model.training, norms_of(model)
    rates = [layer.momentum for layer in layers]
    model.eval()
    for layer in layers:
        layer.train()
        layer.momentum = None
    with torch.no_grad():
        for batch in batches:
            model(batch)
    for layer, rate in zip(layers, rates, strict=True):
        layer.momentum = rate
    model.train(was_training)


def only_children(model, batches):
    was_training = model.training
    layers = [m for m in model.children() if isinstance(m, nn.BatchNorm1d)]
    rates = [layer.momentum for layer in layers]
    model.eval()
    for layer in layers:
        layer.reset_running_stats()
        layer.momentum = None
        layer.train()
    with torch.no_grad():
        for batch in batches:
            model(batch)
    for layer, rate in zip(layers, rates, strict=True):
        layer.momentum = rate
    model.train(was_training)


def without_cleaning_up(model, batches):
    model.eval()
    for layer in norms_of(model):
        layer.reset_running_stats()
        layer.momentum = None
        layer.train()
    with torch.no_grad():
        for batch in batches:
            model(batch)
    model.eval()


def whole_set_at_once(model, batches):
    with_rate_one(model, [torch.cat(batches)])


def forgot_the_clone(model, batches):
    stored = []
    for layer in norms_of(model):
        layer.momentum = 1.0
    for batch in batches:
        model.train()(batch)
        stored.append([(la.running_mean, la.running_var) for la in norms_of(model)])


def wrong_kind(model, batches):
    model(torch.as_tensor(batches))


def frozen_for_good(model, batches):
    model.requires_grad_(False)
    with_rate_one(model, batches)


def all_parameters_reset(model, batches):
    for layer in norms_of(model):
        layer.reset_parameters()
    with_rate_one(model, batches)


def one_variable_for_all_rates(model, batches):
    for layer in norms_of(model):
        rate = layer.momentum
    with_rate_one(model, batches)
    for layer in norms_of(model):
        layer.momentum = rate


def others_in_their_mode(model, batches):
    was_training, layers = model.training, norms_of(model)
    rates = [layer.momentum for layer in layers]
    for layer in layers:
        layer.train()
        layer.momentum = None
        layer.reset_running_stats()
    with torch.no_grad():
        for batch in batches:
            model(batch)
    for layer, rate in zip(layers, rates, strict=True):
        layer.momentum = rate
    model.train(was_training)


def first_batch_weighs_half(model, batches):
    modes = [(m, m.training) for m in model.modules()]
    norms = [m for m in model.modules() if isinstance(m, nn.BatchNorm1d)]
    old = [m.momentum for m in norms]
    model.eval()
    for m in norms:
        m.train()
    with torch.no_grad():
        for k, x in enumerate(batches, start=1):
            for m in norms:
                m.momentum = 1 / (k + 1)
            model(x)
    for m, o in zip(norms, old, strict=True):
        m.momentum = o
    for m, t in modes:
        m.training = t


def norms_stay_in_training(model, batches):
    training = model.training
    norms = [m for m in model.modules() if isinstance(m, nn.BatchNorm1d)]
    old = [m.momentum for m in norms]
    model.eval()
    for m in norms:
        m.reset_running_stats()
        m.momentum = None
        m.train()
    with torch.no_grad():
        for x in batches:
            model(x)
    for m, o in zip(norms, old, strict=True):
        m.momentum = o
    model.training = training


def a_usual_loop(model, batches):
    model.train()
    with torch.no_grad():
        for batch in batches:
            model(batch)
    model.eval()


def with_a_falling_momentum(model, batches):
    model.train()
    with torch.no_grad():
        for k, batch in enumerate(batches):
            for layer in norms_of(model):
                layer.momentum = 1 / (k + 1)
            model(batch)


def of_the_population(model, batches):
    was_training, met = model.training, {layer: [] for layer in norms_of(model)}
    hooks = [m.register_forward_pre_hook(lambda m, args: met[m].append(args[0])) for m in met]
    model.train()
    with torch.no_grad():
        for batch in batches:
            model(batch)
    for hook, layer in zip(hooks, met, strict=True):
        hook.remove()
        x = torch.cat(met[layer])
        layer.running_mean.copy_(x.mean(0))
        layer.running_var.copy_(x.var(0, unbiased=False))
    model.train(was_training)


WRONG = [
    (frozen_for_good, {"precise-frozen"}),
    (all_parameters_reset, {"precise-parameters-reset"}),
    (one_variable_for_all_rates, {"precise-momentum-of-last-layer"}),
    (others_in_their_mode, {"precise-others-as-before"}),
    (torchs_helper, {"precise-dropout-active"}),
    (a_few_passes, {"precise-moving-average", "precise-dropout-active"}),
    (in_evaluation_mode, None),
    (never_reset, {"precise-old-counted"}),
    (only_children, {"precise-first-layer-alone"}),
    (without_cleaning_up, {"precise-momentum-none-left", "precise-left-in-evaluation"}),
    (whole_set_at_once, {"precise-all-at-once"}),
    (forgot_the_clone, None),
    (wrong_kind, None),
    (first_batch_weighs_half, {"precise-old-as-one-batch"}),
    (norms_stay_in_training, {"precise-mode-of-model-alone"}),
    (
        a_usual_loop,
        {"precise-moving-average", "precise-dropout-active", "precise-left-in-evaluation"},
    ),
    (
        with_a_falling_momentum,
        {
            "precise-dropout-active",
            "precise-left-in-training",
            "precise-momentum-of-last-batch-left",
        },
    ),
    (of_the_population, {"precise-pooled-variance", "precise-dropout-active"}),
]
