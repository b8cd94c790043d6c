"""A stack equals a plain loop over models of torch.nn with torch.optim, member by member."""

import copy
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from bncourse.experiments import Config, Stack, grid
from bncourse.experiments.training import train

CLOSE = {"rtol": 1e-9, "atol": 1e-11}
CLOSE_ADAM = {"rtol": 1e-7, "atol": 1e-8}  # where the gradient is 0, it divides rounding by 1e-8
EPOCHS = 2
SEEDS = (3, 4)
ARMS = {
    "sgd": [
        {"learning_rate": 0.1, "momentum": 0.9, "weight_decay": 0.01},
        {"learning_rate": 0.03, "weight_scale": 0.5},
    ],
    "adam": [
        {"learning_rate": 0.01, "weight_decay": 0.1},
        {"learning_rate": 0.003, "weight_scale": 0.5},
    ],
}
NORMS = {
    "none": {"norm": "none"},
    "batch": {"norm": "batch", "eps": 1e-3, "norm_momentum": 0.3},
    "ghost": {"norm": "batch", "norm_batch": 4, "eps": 1e-3, "norm_momentum": 0.3},
    "layer": {"norm": "layer", "eps": 1e-3},
    "group": {"norm": "group", "groups": 3, "eps": 1e-3},
    "instance": {"norm": "instance", "eps": 1e-3},
    "rms": {"norm": "rms", "eps": 1e-3},
}
ACTIVATIONS = {
    "relu": nn.ReLU,
    "tanh": nn.Tanh,
    "sigmoid": nn.Sigmoid,
    "gelu": nn.GELU,
    "identity": nn.Identity,
}
CASES = [
    {"model": model, "placement": placement, "optimizer": optimizer, **norm}
    for model, absent in (("mlp", "instance"), ("cnn", "rms"))
    for name, norm in NORMS.items()
    for placement in ("before", "after")
    for optimizer in ARMS
    if name != absent and (name, placement) != ("none", "after")
]


class Ghost(nn.Module):
    """One BatchNorm of torch.nn for each pool of a batch, from the same running statistics."""

    def __init__(self, norm, pool):
        super().__init__()
        self.norm, self.pool = norm, pool

    def forward(self, x):
        if not self.training:
            return self.norm(x)
        pools = [(copy.copy(self.norm), part) for part in x.split(self.pool)]
        for norm, _ in pools:  # with the parameters of the one norm, and buffers of its own
            norm._buffers = {name: b.clone() for name, b in self.norm._buffers.items()}
        y = torch.cat([norm(part) for norm, part in pools])
        for name in ("running_mean", "running_var"):
            moved = torch.stack([getattr(norm, name) for norm, _ in pools])
            setattr(self.norm, name, moved.mean(0))
        return y


class Plain(nn.Module):
    """One network of torch.nn, as a reader of the documentation of Config would write it."""

    def __init__(self, config):
        super().__init__()
        cnn = config.model == "cnn"
        fan_in = [1 if cnn else 64] + [config.width] * (config.depth - 1)
        self.linears = nn.ModuleList(
            nn.Conv2d(n, config.width, 3, padding=1) if cnn else nn.Linear(n, config.width)
            for n in fan_in
        )
        self.norms = nn.ModuleList(make_norm(config) for _ in fan_in)
        self.head = nn.Linear(config.width, 4)
        self.activation = ACTIVATIONS[config.activation]()
        self.config = config

    def forward(self, x):
        for i, (linear, norm) in enumerate(zip(self.linears, self.norms, strict=True)):
            y = linear(x)
            steps = [norm, self.activation]
            for step in steps if self.config.placement == "before" else reversed(steps):
                y = step(y)
            if self.config.model == "cnn" and i < 2:
                y = nn.functional.max_pool2d(y, 2)
            x = x + y if self.config.residual and x.shape == y.shape else y
        return self.head(x.mean((2, 3)) if x.ndim == 4 else x)


def make_norm(config):
    width, eps, momentum = config.width, config.eps, config.norm_momentum
    cnn = config.model == "cnn"
    if config.norm == "batch":
        norm = (nn.BatchNorm2d if cnn else nn.BatchNorm1d)(width, eps, momentum)
        return Ghost(norm, config.norm_batch) if config.norm_batch else norm
    return {
        "none": nn.Identity,
        "layer": lambda: nn.GroupNorm(1, width, eps) if cnn else nn.LayerNorm(width, eps),
        "group": lambda: nn.GroupNorm(config.groups, width, eps),
        "instance": lambda: nn.InstanceNorm2d(width, eps, affine=True),
        "rms": lambda: nn.RMSNorm(width, eps),
    }[config.norm]()


def members_of(stack):
    """Yield, for each member, its tensors in the order and the shapes of ``Plain``."""
    layers = [block.linear for block in stack.network.blocks] + [stack.network.head]
    norms = [
        dict(block.norm.named_parameters()) | dict(block.norm.named_buffers())
        for block in stack.network.blocks
    ]
    for member in range(stack.members[0] * stack.members[1]):
        weights = [layer.weight[member] for layer in layers]
        yield (
            [w.mT if w.ndim == 2 else w for w in weights],
            [layer.bias[member].flatten() for layer in layers],
            [{name: values[member] for name, values in norm.items()} for norm in norms],
        )


def tensors_of(plain):
    """Return the tensors of a plain model in the order of ``members_of``."""
    layers = [*plain.linears, plain.head]
    norms = [norm.norm if isinstance(norm, Ghost) else norm for norm in plain.norms]
    return (
        [layer.weight for layer in layers],
        [layer.bias for layer in layers],
        [
            {k: v for k, v in norm.state_dict(keep_vars=True).items() if "batches" not in k}
            for norm in norms
        ],
    )


def make_stack(configs, seeds=SEEDS):
    """Return a stack whose norms have learned something: gamma is not 1, beta is not 0."""
    stack = Stack(configs, seeds, dtype=torch.float64)
    rng = torch.Generator().manual_seed(0)
    for block in stack.network.blocks:
        for p in block.norm.parameters():
            p.data += 0.3 * torch.randn(p.shape, generator=rng, dtype=p.dtype)
    return stack


def plain_copies(stack, configs):
    plains = [Plain(config).double() for config in configs for _ in range(stack.members[1])]
    with torch.no_grad():
        for plain, tensors in zip(plains, members_of(stack), strict=True):
            for target, source in flat_pairs(tensors_of(plain), tensors):
                target.copy_(source)
    return plains


def flat_pairs(plain, member):
    for targets, sources in zip(plain[:2], member[:2], strict=True):
        yield from zip(targets, sources, strict=True)
    for targets, sources in zip(plain[2], member[2], strict=True):
        assert targets.keys() == sources.keys()
        yield from ((targets[name], sources[name]) for name in targets)


def plain_loop(plain, splits, seed):
    """Train one model as everybody does; return the loss before each step."""
    config = plain.config
    settings = {"lr": config.learning_rate, "weight_decay": config.weight_decay}
    if config.optimizer == "sgd":
        optimizer = torch.optim.SGD(plain.parameters(), momentum=config.momentum, **settings)
    else:
        optimizer = torch.optim.Adam(plain.parameters(), **settings)
    x, y = images(splits.x_train, config), torch.tensor(splits.y_train)
    rng, size, losses = np.random.default_rng([seed, 2]), config.batch_size, []
    for _ in range(EPOCHS):
        order = rng.permutation(len(y))
        for start in range(0, len(y) - size + 1, size):
            chosen = order[start : start + size]
            loss = nn.functional.cross_entropy(plain(x[chosen]), y[chosen])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    return losses


def images(x, config):
    x = torch.tensor(x)
    return x.view(-1, 1, 8, 8) if config.model == "cnn" else x


@torch.no_grad()
def plain_score(plain, x, y):
    logits = plain.eval()(images(x, plain.config))
    y = torch.tensor(y)
    accuracy = (logits.argmax(1) == y).double().mean()
    return nn.functional.cross_entropy(logits, y).item(), accuracy.item()


def assert_equals_plain_loop(configs):
    close = CLOSE_ADAM if configs[0].optimizer == "adam" else CLOSE
    stack = make_stack(configs)
    plains = plain_copies(stack, configs)
    found, _ = train(stack, EPOCHS, probes=(), every=10, test=True, report=lambda: None)
    assert found.sizes["step"] == EPOCHS * (28 // configs[0].batch_size)
    for number, (plain, tensors) in enumerate(zip(plains, members_of(stack), strict=True)):
        arm, place = divmod(number, len(SEEDS))
        member = found.isel(config=arm, seed=place)
        splits = plain.config.data(SEEDS[place])
        losses = plain_loop(plain, splits, SEEDS[place])
        np.testing.assert_allclose(member["train_loss"], losses, **close)
        for ours, theirs in flat_pairs(tensors, tensors_of(plain)):
            torch.testing.assert_close(ours, theirs, **close)
        for part in ("validation", "test"):
            x, y = getattr(splits, f"x_{part}"), getattr(splits, f"y_{part}")
            scores = [member[f"{part}_loss"], member[f"{part}_accuracy"]]
            last = [score[-1] if score.ndim else score for score in scores]
            np.testing.assert_allclose(last, plain_score(plain, x, y), **close)


def arms(config):
    return [replace(config, **settings) for settings in ARMS[config.optimizer]]


@pytest.mark.parametrize("settings", CASES, ids=lambda s: "-".join(map(str, s.values())))
def test_stack_equals_plain_loop(tiny, settings):
    if settings["norm"] == "none":
        settings = {name: value for name, value in settings.items() if name != "placement"}
    config = Config(data=tiny, depth=3, width=6, init="torch", batch_size=8, **settings)
    assert_equals_plain_loop(arms(config))


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_activation_equals_that_of_torch_nn(tiny, activation):
    config = Config(data=tiny, depth=2, width=6, batch_size=8, activation=activation, norm="batch")
    assert_equals_plain_loop(arms(config))


@pytest.mark.parametrize("placement", ["before", "after"])
@pytest.mark.parametrize(("model", "width"), [("mlp", 64), ("mlp", 6), ("cnn", 6)])
def test_residual_equals_plain_loop_where_the_shape_is_kept(tiny, model, width, placement):
    config = Config(data=tiny, model=model, depth=4, width=width, batch_size=8, residual=True)
    assert_equals_plain_loop(arms(replace(config, norm="batch", placement=placement)))


def test_arms_that_need_neither_momentum_nor_decay_equal_plain_loop(tiny):
    config = Config(data=tiny, width=6, batch_size=8)
    assert_equals_plain_loop(grid(config, learning_rate=[0.1, 0.01]))


def test_batch_of_the_whole_split_equals_plain_loop(tiny):
    config = Config(data=tiny, width=6, batch_size=28, norm="batch")
    assert_equals_plain_loop(grid(config, learning_rate=[0.1, 0.01]))


def test_running_statistics_follow_the_closed_form_of_the_average(tiny):
    config = Config(data=tiny, depth=1, width=6, batch_size=28, norm="batch", norm_momentum=0.3)
    stack = make_stack(grid(config, learning_rate=[0.0]))
    norm, x = stack.network.blocks[0].norm, torch.tensor(tiny(SEEDS[1]).x_train)
    weight, bias = stack.network.blocks[0].linear.weight[1], stack.network.blocks[0].linear.bias[1]
    z = (x @ weight + bias).detach()
    kept = 1.0
    for _ in range(10):
        for batch in stack.batches():
            stack.step(*batch)
            kept *= 0.7
        torch.testing.assert_close(norm.running_mean[1], (1 - kept) * z.mean(0), **CLOSE)
        var = kept + (1 - kept) * z.var(0, correction=1)
        torch.testing.assert_close(norm.running_var[1], var, **CLOSE)
