"""Small networks with batch norm for the labs, and what can be read off them."""

import torch
from torch import nn

from bncourse.exercises.observing import UnfitError


def normal(*shape, seed):
    """Return normal random numbers, the same for the same `seed`."""
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def made(make, seed):
    """Return the network ``make()``; its norms hold random γ, β and statistics."""
    with torch.random.fork_rng(devices=[]), torch.no_grad():
        torch.manual_seed(seed)
        network = make()
        for norm in norms(network):
            signs = torch.tensor([1.0, -1.0]).repeat(norm.num_features)[: norm.num_features]
            norm.weight.copy_(signs * (0.5 + torch.rand(norm.num_features)))
            norm.bias.normal_()
            norm.running_mean.normal_()
            norm.running_var.uniform_(0.3, 2)
    return network


def norms(network):
    """Return the batch norm layers of a network, in order."""
    return [module for module in network.modules() if isinstance(module, nn.BatchNorm1d)]


def statistics(network):
    """Return all running means and variances of a network, one after the other."""
    found = [part for norm in norms(network) for part in (norm.running_mean, norm.running_var)]
    return torch.cat([part.detach().clone() for part in found])


def weights(network):
    """Return all parameters of a network, one after the other."""
    return torch.cat([part.detach().flatten().clone() for part in network.parameters()])


def modes(network):
    """Return 1 for each module in training mode and 0 for each other one, in order."""
    return torch.tensor([float(module.training) for module in network.modules()])


def pairs(found):
    """Return what was found, a list, a generator or a loader, as a list of pairs of tensors.

    Raises
    ------
    UnfitError : something else is in it.
    """
    found = list(found)
    for item in found:
        if not isinstance(item, tuple | list):
            raise UnfitError("wrong-count", found=1, wanted=2, names="samples and their labels")
    return found
