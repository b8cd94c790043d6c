"""A stack equals a plain loop over models of torch.nn with torch.optim, member by member."""

import copy

import numpy as np
import pytest
import torch
from torch import nn

from bncourse.experiments import Config, Stack, grid
from bncourse.experiments.training import Record, train

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
ARMS["adamw"] = ARMS["adam"]
TWO_OPTIMIZERS = ("sgd", "adam")
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
    for optimizer in TWO_OPTIMIZERS
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


class ScaledTanh(nn.Module):
    """Norms of a factory: gamma tanh(alpha x) + beta for E members of C channels."""

    def __init__(self, members, channels):
        super().__init__()
        self.alpha = nn.Parameter(torch.full((members, 1), 0.5))
        self.weight = nn.Parameter(torch.ones(members, channels))
        self.bias = nn.Parameter(torch.zeros(members, channels))

    def forward(self, x):
        alpha, weight, bias = (
            p.view(*p.shape, *[1] * (x.ndim - 3)) for p in (self.alpha, self.weight, self.bias)
        )
        return weight * torch.tanh(alpha * x) + bias


class PlainScaledTanh(nn.Module):
    """The same for one network, (N, C, *S)."""

    def __init__(self, channels):
        super().__init__()
        self.alpha = nn.Parameter(torch.full((1,), 0.5))
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))

    def forward(self, x):
        y = torch.tanh(self.alpha * x.movedim(1, -1))
        return (self.weight * y + self.bias).movedim(-1, 1)


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
        choice = config.activation
        self.activation = choice() if callable(choice) else ACTIVATIONS[choice]()
        self.config = config

    def forward(self, x):
        hidden = {None: self.without_skip, "pre": self.before, "post": self.after}
        for i in range(self.config.depth):
            x = hidden[self.config.residual](x, i)
            if self.config.model == "cnn" and i < 2:
                x = nn.functional.max_pool2d(x, 2)
        if self.config.residual == "pre":
            x = self.activation(self.norms[-1](x))
        return self.head(x.mean((2, 3)) if x.ndim == 4 else x)

    def without_skip(self, x, i):
        steps = [self.norms[i], self.activation]
        y = self.linears[i](x)
        for step in steps if self.config.placement == "before" else reversed(steps):
            y = step(y)
        return y

    def before(self, x, i):
        if i == 0:
            return self.linears[i](x)
        return x + self.linears[i](self.activation(self.norms[i - 1](x)))

    def after(self, x, i):
        branch = self.norms[i](self.linears[i](x))
        return self.activation(x + branch if i else branch)


def make_norm(config):
    width, eps, momentum = config.width, config.eps, config.norm_momentum
    cnn = config.model == "cnn"
    if config.norm is ScaledTanh:
        return PlainScaledTanh(width)
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
        dict(norm.named_parameters()) | dict(norm.named_buffers()) for norm in stack.network.norms
    ]
    for member in range(stack.members[0] * stack.members[1]):
        yield (
            [layer.weight[member] for layer in layers],
            [layer.bias[member] for layer in layers],
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
    for norm in stack.network.norms:
        for p in norm.parameters():
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
        rule = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW}[config.optimizer]
        optimizer = rule(plain.parameters(), **settings)
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
    close = CLOSE if configs[0].optimizer == "sgd" else CLOSE_ADAM
    stack = make_stack(configs)
    plains = plain_copies(stack, configs)
    found, times, _, _ = train(stack, EPOCHS, Record(test=True, losses=True), report=lambda: None)
    assert times["step"] == list(range(EPOCHS * (28 // configs[0].batch_size)))
    for number, (plain, tensors) in enumerate(zip(plains, members_of(stack), strict=True)):
        arm, place = divmod(number, len(SEEDS))
        member = {name: values[arm, place] for name, values in found.items()}
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
    return [config.replace(**settings) for settings in ARMS[config.optimizer]]


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


@pytest.mark.parametrize("residual", ["pre", "post"])
@pytest.mark.parametrize("norm", ["none", "batch", "ghost", "layer", "group"])
@pytest.mark.parametrize(("model", "width"), [("mlp", 64), ("mlp", 6), ("cnn", 6)])
def test_residual_equals_plain_loop(tiny, model, width, norm, residual):
    groups = {"groups": 2} if norm == "group" else {}
    config = Config(data=tiny, model=model, depth=4, width=width, batch_size=8, init="torch")
    assert_equals_plain_loop(arms(config.replace(residual=residual, **NORMS[norm] | groups)))


@pytest.mark.parametrize("residual", ["pre", "post"])
def test_residual_of_one_layer_equals_plain_loop(tiny, residual):
    config = Config(data=tiny, depth=1, width=6, batch_size=8, norm="batch", residual=residual)
    assert_equals_plain_loop(arms(config))


@pytest.mark.parametrize("residual", ["pre", "post"])
@pytest.mark.parametrize("norm", ["none", "batch"])
def test_scaled_branches_equal_plain_loop_over_networks_that_start_so(tiny, norm, residual):
    config = Config(data=tiny, depth=3, width=6, batch_size=8, norm=norm, residual=residual)
    assert_equals_plain_loop(grid(config, branch_scale=[0, 0.5], learning_rate=[0.1, 0.01]))


@pytest.mark.parametrize("model", ["mlp", "cnn"])
@pytest.mark.parametrize("norm", ["none", "batch"])
def test_adamw_equals_that_of_torch(tiny, model, norm):
    config = Config(data=tiny, model=model, width=6, batch_size=8, norm=norm, optimizer="adamw")
    assert_equals_plain_loop(arms(config))


@pytest.mark.parametrize("model", ["mlp", "cnn"])
@pytest.mark.parametrize(
    "order", [{"placement": "before"}, {"placement": "after"}, {"residual": "pre"}]
)
def test_what_factories_make_equals_plain_loop(tiny, model, order):
    config = Config(data=tiny, model=model, width=6, batch_size=8, norm=ScaledTanh, **order)
    assert_equals_plain_loop(arms(config.replace(activation=nn.SiLU)))


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
    z = (x @ weight.T + bias).detach()
    kept = 1.0
    for _ in range(10):
        for batch in stack.batches():
            stack.step(*batch)
            kept *= 0.7
        torch.testing.assert_close(norm.running_mean[1], (1 - kept) * z.mean(0), **CLOSE)
        var = kept + (1 - kept) * z.var(0, correction=1)
        torch.testing.assert_close(norm.running_var[1], var, **CLOSE)


def norms_without_memory(plain):
    """Return the batch norms of a plain model, which keep nothing but the last batch from now."""
    norms = [norm.norm if isinstance(norm, Ghost) else norm for norm in plain.norms]
    for norm in norms:
        norm.momentum = 1.0
    return norms


def assert_same_statistics(stack, plains):
    for plain, (_, _, norms) in zip(plains, members_of(stack), strict=True):
        for ours, theirs in zip(norms, tensors_of(plain)[2], strict=True):
            for name in ("running_mean", "running_var"):
                torch.testing.assert_close(ours[name], theirs[name], **CLOSE)


TO_REESTIMATE = [
    {"norm_batch": 4},
    {"placement": "after"},
    {"model": "cnn"},
    {"residual": "pre"},
    {"residual": "post"},
]


@torch.enable_grad()
def trained_a_little(tiny, **settings):
    config = Config(data=tiny, width=6, batch_size=8, norm="batch", norm_momentum=0.3, **settings)
    configs = grid(config, learning_rate=[0.1, 0.3])
    stack = make_stack(configs)
    for batch in stack.batches():
        stack.step(*batch)
    return stack, plain_copies(stack, configs)


@pytest.mark.parametrize("settings", TO_REESTIMATE, ids=str)
@torch.no_grad()
def test_exact_statistics_are_those_of_the_inputs_that_evaluation_gives(tiny, settings):
    stack, plains = trained_a_little(tiny, **settings)
    stack.reestimate()
    for member, plain in enumerate(plains):
        x = images(tiny(SEEDS[member % 2]).x_train, plain.config)
        for norm in norms_without_memory(plain.eval()):
            norm.train()  # while those below evaluate
            plain(x)
            norm.eval()
    assert_same_statistics(stack, plains)


@pytest.mark.parametrize("settings", TO_REESTIMATE, ids=str)
@torch.no_grad()
def test_precise_statistics_are_the_mean_of_those_of_each_batch(tiny, settings):
    stack, plains = trained_a_little(tiny, **settings)
    batches = list(stack.batches())
    stack.reestimate(batches)
    for member, plain in enumerate(plains):
        norms, seen = norms_without_memory(plain.train()), []
        for x, _ in batches:
            plain(x[:, member])
            seen.append(torch.stack([torch.stack([n.running_mean, n.running_var]) for n in norms]))
        for norm, (mean, var) in zip(norms, torch.stack(seen).mean(0), strict=True):
            norm.running_mean, norm.running_var = mean, var
    assert_same_statistics(stack, plains)
