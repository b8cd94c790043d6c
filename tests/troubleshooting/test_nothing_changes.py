"""What was examined is afterwards as it was, to the last bit, also after an error."""

import copy
import random

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset

from bncourse.troubleshooting import diagnose

ALL = "mlp", "convnet", "resnet", "sequence", "functional", "ours"


def state_of(model):
    """Return all that can be seen of a model: values, gradients, flags, modes, hooks, objects."""
    tensors = {f"parameter {k}": p for k, p in model.named_parameters()}
    tensors |= {f"buffer {k}": b for k, b in model.named_buffers()}
    tensors |= {f"gradient {k}": p.grad for k, p in model.named_parameters() if p.grad is not None}
    return {
        "objects": {name: (id(tensor), tensor._version) for name, tensor in tensors.items()},
        "values": {name: tensor.detach().clone() for name, tensor in tensors.items()},
        "needs gradients": [p.requires_grad for p in model.parameters()],
        "modes": [module.training for module in model.modules()],
        "momenta": [getattr(module, "momentum", None) for module in model.modules()],
        "tables": [{k: id(v) for k, v in module.__dict__.items()} for module in model.modules()],
        "hooks": [
            {k: list(v) for k, v in module.__dict__.items() if "_hooks" in k}
            for module in model.modules()
        ],
    }


def generators():
    """Return where the generators of random numbers stand."""
    return torch.get_rng_state(), random.getstate(), np.random.get_state()[1].tolist()


def assert_same(one, other):
    torch.testing.assert_close(one.pop("values"), other.pop("values"), rtol=0, atol=0)
    assert one == other


@pytest.fixture(params=ALL)
def worked(request, lab):
    """Return a model that was found in the middle of training: hooks, gradients, mixed modes."""
    network, batches = lab.trained(request.param, dropout=0.1)
    F.cross_entropy(network(batches[0][0]), batches[0][1]).backward()
    network[0].register_forward_hook(lambda module, args, output: None)
    network[-1].register_forward_pre_hook(lambda module, args: None)
    network[2].eval()
    network[0].weight.requires_grad_(False)
    return network, batches


@pytest.mark.parametrize("training", [True, False])
def test_nothing_of_the_model_changes(worked, training):
    network, batches = worked
    network.training = training
    reference = copy.deepcopy(network)
    before, beside = state_of(network), state_of(reference)
    diagnose(
        network,
        batches,
        batches,
        loss=F.cross_entropy,
        reference=reference,
        evaluate=lambda model: model.train()(batches[0][0]),
    )
    assert_same(before, state_of(network))
    assert_same(beside, state_of(reference))


def test_nothing_changes_if_the_model_raises(worked):
    network, batches = worked
    calls = []

    def forward(model, batch):
        calls.append(model)
        if len(calls) == 4:
            model.train()
            raise KeyboardInterrupt
        return model(batch[0])

    before, chance = state_of(network), generators()
    with pytest.raises(KeyboardInterrupt):
        diagnose(network, batches, forward=forward)
    assert_same(before, state_of(network))
    torch.testing.assert_close(chance, generators(), rtol=0, atol=0)


def test_a_loss_computed_before_can_still_be_sent_back(worked):
    network, batches = worked
    network.zero_grad()
    loss = F.cross_entropy(network(batches[0][0]), batches[0][1])
    diagnose(network, batches)
    loss.backward()
    assert network[-1].weight.grad.abs().max() > 0


def test_generators_stand_where_they_stood(lab):
    network, batches = lab.trained("mlp", dropout=0.1)
    x, y = (torch.cat(parts) for parts in zip(*batches, strict=True))
    own = torch.Generator().manual_seed(5)

    class Noisy(TensorDataset):
        def __getitem__(self, row):
            x, y = super().__getitem__(row)
            noise = random.random() + np.random.rand() + torch.rand(())
            return x + 0.01 * float(noise), y

    loader = DataLoader(Noisy(x, y), batch_size=32, shuffle=True, generator=own)
    before, own_before = generators(), own.get_state()
    diagnose(network, loader, DataLoader(Noisy(x, y), batch_size=32, shuffle=True))
    torch.testing.assert_close(before, generators(), rtol=0, atol=0)
    assert own.get_state().equal(own_before)


class Keeps(nn.Module):
    """A model that keeps more than buffers: a cache with a graph, a counter, a list, a tensor."""

    def __init__(self, network):
        super().__init__()
        self.network = network
        self.calls, self.history, self.plain, self.last = 0, [], torch.zeros(3), None
        self.words = {f"word {k}": k for k in range(1000)}

    def forward(self, x):
        self.calls += 1
        self.plain += 1
        self.last = self.network(x)
        self.history.append(self.last)
        return self.last


def test_plain_attributes_stay_as_they_are(lab):
    network, batches = lab.trained("mlp")
    model = Keeps(network)
    cached = model(batches[0][0])
    diagnose(model, batches)
    assert model.last is cached and model.history == [cached] and model.calls == 1
    assert model.plain.tolist() == [1, 1, 1]


def test_a_closure_over_the_model_meets_the_held_one(lab):
    network, batches = lab.trained("mlp")
    before = state_of(network)
    report = diagnose(network, batches, forward=lambda model, batch: network(batch[0]))
    assert_same(before, state_of(network))
    assert not report.causes


def test_running_statistics_that_only_a_closure_knows_stay_as_they_are(lab):
    mean, var = torch.zeros(12), torch.ones(12)

    class Closure(nn.Linear):
        def forward(self, x):
            return super().forward(F.batch_norm(x, mean, var, training=self.training))

    report = diagnose(Closure(12, 3), lab.batches("vectors"))
    assert mean.eq(0).all() and var.eq(1).all()
    assert "never_updated" in report.causes


def test_a_parameter_that_a_pass_changes_is_put_back(lab):
    class Clipped(nn.Linear):
        def forward(self, x):
            self.weight.data.clamp_(-0.1, 0.1)
            return super().forward(x)

    model = nn.Sequential(Clipped(12, 8), nn.BatchNorm1d(8))
    before = model[0].weight.detach().clone()
    diagnose(model, lab.batches("vectors"))
    assert model[0].weight.equal(before) and before.abs().max() > 0.1


def test_data_that_a_model_writes_into_stays_as_it_is(lab):
    model = nn.Sequential(nn.ReLU(inplace=True), nn.Linear(12, 3))
    batches = lab.batches("vectors", shift=0.0)
    before = [x.clone() for x, _ in batches]
    diagnose(model, batches, batches)
    torch.testing.assert_close([x for x, _ in batches], before, rtol=0, atol=0)
    assert before[0].min() < 0


def test_the_same_question_gets_the_same_answer(lab):
    network, batches = lab.trained("resnet", dropout=0.2)
    first = str(diagnose(network, batches, batches))
    torch.rand(7)
    assert str(diagnose(network, batches, batches)) == first


def test_grad_mode_stays_as_it_is(lab):
    network, batches = lab.trained("mlp")
    diagnose(network, batches)
    assert torch.is_grad_enabled()
    with torch.no_grad():
        diagnose(network, batches)
        assert not torch.is_grad_enabled()
