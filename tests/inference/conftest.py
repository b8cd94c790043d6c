"""Networks as training might leave them: no number is what it was at the start."""

import pytest
import torch
from torch import nn

import bncourse.nn
from bncourse.nn.kinds import batch_norms

NAMESPACES = {"ours": bncourse.nn, "torch": torch.nn}


@pytest.fixture(autouse=True)
def seed():
    torch.manual_seed(2015)


@pytest.fixture(params=NAMESPACES)
def namespace(request):
    """Return where the norms come from."""
    return NAMESPACES[request.param]


@pytest.fixture
def trained():
    """Return a function that gives each batch norm of a model other numbers, and evaluates it."""

    def make(model):
        for norm in batch_norms(model).values():
            with torch.no_grad():
                if norm.weight is not None:
                    norm.weight.copy_(torch.linspace(-1.5, 1.2, norm.num_features))
                    norm.weight[2:3] = 0
                if norm.bias is not None:
                    norm.bias.normal_()
                if norm.running_mean is not None:
                    norm.running_mean.normal_(std=3)
                    norm.running_var.uniform_(0.1, 4)
                    norm.running_var[0] = norm.eps / 10
        return model.eval()

    return make


@pytest.fixture
def axes_of():
    """Return a function that names the batch norm for the output of a layer: 1d, 2d or 3d."""
    return lambda layer: f"BatchNorm{max(layer.weight.dim() - 2, 1)}d"


class Block(nn.Module):
    """The block of a ResNet: two convolutions beside a skip, which may change the shape."""

    def __init__(self, namespace, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, padding=1, bias=False)
        self.bn1 = namespace.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1, bias=False)
        self.bn2 = namespace.BatchNorm2d(outputs)
        self.skip = nn.Identity()
        if stride > 1:
            self.skip = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False), namespace.BatchNorm2d(outputs)
            )

    def forward(self, x):
        y = self.bn1(self.conv1(x)).relu()
        return (self.bn2(self.conv2(y)) + self.skip(x)).relu()


@pytest.fixture
def resnet(namespace, trained):
    """Return a small ResNet for images (N, 3, 8, 8), and ten classes."""
    net = nn.Sequential(
        nn.Conv2d(3, 8, 3, padding=1),
        namespace.BatchNorm2d(8),
        nn.ReLU(),
        Block(namespace, 8, 8, 1),
        Block(namespace, 8, 16, 2),
        Block(namespace, 16, 16, 1),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(16, 10),
        namespace.BatchNorm1d(10),
    )
    trained(net).train()
    for norm in batch_norms(net).values():
        norm.reset_running_stats()
    for _ in range(20):
        net(1 + 2 * torch.randn(16, 3, 8, 8))
    return net.eval()
