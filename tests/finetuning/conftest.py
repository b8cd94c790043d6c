"""Norms of either namespace, and Keras on PyTorch."""

import pytest
import torch

import bncourse.nn
from bncourse.finetuning.keras import keras as keras_on_torch

NAMESPACES = {"ours": bncourse.nn, "torch": torch.nn}


@pytest.fixture(autouse=True)
def seed():
    torch.manual_seed(2015)


@pytest.fixture(params=NAMESPACES)
def namespace(request):
    """Return where the norms come from."""
    return NAMESPACES[request.param]


@pytest.fixture(scope="session")
def keras():
    return keras_on_torch()
