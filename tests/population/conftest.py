"""Norms of either namespace, and samples in batches of unequal sizes."""

import pytest
import torch
from torch import nn

import bncourse.nn

NAMESPACES = {"ours": bncourse.nn, "torch": torch.nn}
SIZES = (7, 2, 16, 1, 5)


@pytest.fixture(autouse=True)
def seed():
    torch.manual_seed(2015)


@pytest.fixture(params=NAMESPACES)
def namespace(request):
    """Return where the norms come from."""
    return NAMESPACES[request.param]


@pytest.fixture
def batches():
    """Return batches of images, each around a mean and with a spread of its own."""
    return [
        5 * torch.randn(3, 1, 1) + (1 + i) * torch.randn(n, 3, 6, 6) for i, n in enumerate(SIZES)
    ]


@pytest.fixture
def model(namespace):
    """Return a network with three norms, dropout, and statistics of another set; in float64."""
    model = nn.Sequential(
        namespace.BatchNorm2d(3, affine=False),
        nn.Conv2d(3, 4, 3),
        namespace.BatchNorm2d(4, momentum=0.3),
        nn.ReLU(),
        nn.Dropout(0.5),
        nn.Sequential(nn.Conv2d(4, 2, 3), namespace.BatchNorm2d(2, momentum=None), nn.ReLU()),
    )
    for _ in range(3):
        model(3 + torch.randn(8, 3, 6, 6))
    with torch.no_grad():
        for norm in (model[2], model[5][1]):
            norm.weight.copy_(torch.linspace(-1, 2, len(norm.weight)))
            norm.bias.normal_()
    return model
