"""Probes of networks with skips, against both blocks written out with plain functions."""

import pytest
import torch
from torch.nn.functional import batch_norm, conv2d, cross_entropy, max_pool2d

from bncourse.experiments.probes import (
    activation_moments,
    gradient_norms,
    input_shift,
    saturation,
)

CASES = [
    {"residual": residual, "model": model, "norm": "batch"}
    for residual in ("pre", "post")
    for model in ("mlp", "cnn")
]
every_case = pytest.mark.parametrize("kind", CASES, ids=lambda kind: "-".join(kind.values()))


class Written:
    """One member, as the equations of Config say: what went through each of its layers."""

    def __init__(self, network, member, kind):
        self.kind = kind
        self.linears = [block.linear for block in network.blocks]
        self.weights = [linear.weight[member] for linear in self.linears]
        self.biases = [linear.bias[member] for linear in self.linears]
        self.gammas = [norm.weight[member] for norm in network.norms]
        self.betas = [norm.bias[member] for norm in network.norms]
        self.head = network.head.weight[member], network.head.bias[member]

    def linear(self, x, i):
        self.inputs.append(x)
        weight, bias = self.weights[i], self.biases[i]
        z = conv2d(x, weight, bias, padding=1) if x.ndim == 4 else x @ weight.T + bias
        self.z.append(z)
        return z

    def norm(self, x, i):
        return batch_norm(x, None, None, self.gammas[i], self.betas[i], training=True)

    def relu(self, x):
        self.before.append(x)
        return x.relu()

    def pool(self, x, i):
        return max_pool2d(x, 2) if x.ndim == 4 and i < 2 else x

    def pre(self, x):
        x = self.pool(self.linear(x, 0), 0)
        for i in range(1, len(self.weights)):
            x = self.pool(x + self.linear(self.relu(self.norm(x, i - 1)), i), i)
        return self.relu(self.norm(x, len(self.weights) - 1))

    def post(self, x):
        x = self.pool(self.relu(self.norm(self.linear(x, 0), 0)), 0)
        for i in range(1, len(self.weights)):
            x = self.pool(self.relu(x + self.norm(self.linear(x, i), i)), i)
        return x

    def __call__(self, x):
        self.inputs, self.z, self.before = [], [], []
        out = getattr(self, self.kind["residual"])(x)
        weight, bias = self.head
        return (out.mean((2, 3)) if out.ndim == 4 else out) @ weight.T + bias


def written(network, x, y, kind):
    """Yield each member as written out, with its inputs and labels."""
    for member in range(x.shape[1]):
        yield Written(network, member, kind), x[:, member], y[:, member]


@every_case
def test_gradient_norms_are_those_at_the_outputs_of_the_linear_maps(make, kind):
    stack, x, y = make(**kind)
    found = gradient_norms(stack.network, x, y)
    for e, (plain, inputs, labels) in enumerate(written(stack.network, x, y, kind)):
        loss = cross_entropy(plain(inputs), labels)
        by_z = torch.autograd.grad(loss, plain.z, retain_graph=True)
        by_weight = torch.autograd.grad(loss, plain.weights)
        for name, grads in (("gradient_norm", by_z), ("weight_gradient_norm", by_weight)):
            torch.testing.assert_close(found[name][e], torch.stack([g.norm() for g in grads]))


@every_case
@torch.no_grad()
def test_preactivations_are_what_enters_the_activations(make, kind):
    stack, x, y = make(**kind)
    moments = activation_moments(stack.network, x, y)
    flat = saturation(stack.network, x, y)
    for e, (plain, inputs, _) in enumerate(written(stack.network, x, y, kind)):
        plain(inputs)
        values = [z.movedim(1, 0).flatten(1) for z in plain.before]  # units, all else
        expected = {
            "preactivation_mean": [z.mean() for z in values],
            "preactivation_variance": [z.var(1, correction=0).mean() for z in values],
            "activation_mean": [z.relu().mean() for z in values],
        }
        for name, numbers in expected.items():
            torch.testing.assert_close(moments[name][e], torch.stack(numbers))
        parts = torch.stack([(z <= 0).double().mean() for z in values])
        torch.testing.assert_close(flat["saturated_part"][e], parts)


@every_case
def test_input_shift_is_that_of_the_inputs_of_the_linear_maps(make, kind):
    stack, x, y = make(**kind)
    found = input_shift(stack.network, x, y, learning_rate=0.1)
    before, after = [], []
    for plain, inputs, _ in written(stack.network, x, y, kind):
        with torch.no_grad():
            plain(inputs)
        before.append([u.movedim(1, 0).flatten(1) for u in plain.inputs])
    stack.optimizer.rates = [torch.full_like(rate, 0.1) for rate in stack.optimizer.rates]
    stack.step(x, y)
    for plain, inputs, _ in written(stack.network, x, y, kind):
        with torch.no_grad():
            plain(inputs)
        after.append([u.movedim(1, 0).flatten(1) for u in plain.inputs])
    for e, layers in enumerate(zip(before, after, strict=True)):
        for layer, (old, new) in enumerate(zip(*layers, strict=True)):
            spread = old.std(1, correction=0).norm()
            moved = (new.mean(1) - old.mean(1)).norm() / spread
            torch.testing.assert_close(found["input_mean_shift"][e, layer], moved)
