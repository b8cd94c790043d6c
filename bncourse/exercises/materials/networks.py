"""Small networks with batch norm for the labs, and what can be read off them."""

import torch
from torch import nn

from bncourse.checker.returned import UnfitError, is_tensor


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
    return torch.cat([part for norm in norms(network) for part in running(norm)])


def running(norm):
    """Return copies of the running mean and variance of a norm.

    Raises
    ------
    UnfitError : it holds none any more.
    """
    found = norm.running_mean, norm.running_var
    if not all(map(is_tensor, found)):
        kind, wanted = kind_of(found[0]), "the tensor that was there"
        raise UnfitError(
            "wrong-kind", output="the running mean of a norm", kind=kind, wanted=wanted
        )
    return [part.detach().float().clone() for part in found]


def weights(network):
    """Return all parameters of a network, one after the other."""
    return torch.cat([part.detach().flatten().clone() for part in network.parameters()])


def modes(network):
    """Return 1 for each module in training mode and 0 for each other one, in order."""
    return torch.tensor([float(module.training) for module in network.modules()])


def need_gradients(network):
    """Return 1 for each parameter that gets a gradient and 0 for each other one, in order."""
    return torch.tensor([float(part.requires_grad) for part in network.parameters()])


def pairs(found):
    """Return what was found, a list, a generator or a loader, as a list of pairs of tensors.

    Each holds samples, (N, 2), and their labels, (N,).

    Raises
    ------
    UnfitError : something else is in it.
    """
    if is_tensor(found) or isinstance(found, dict) or not hasattr(found, "__iter__"):
        kind = type(found).__name__
        raise UnfitError("wrong-kind", output="the result", kind=kind, wanted="a list of pairs")
    found = list(found)
    for item in found:
        if not isinstance(item, tuple | list) or len(item) != 2:
            wanted = "a pair, samples and their labels,"
            raise UnfitError("wrong-kind", output="each item", kind=kind_of(item), wanted=wanted)
        _check_pair(*item)
    return found


def _check_pair(samples, labels):
    parts = (samples, "the samples", (2,), "(N, 2)"), (labels, "the labels", (), "(N,)")
    for part, name, row, shape in parts:
        if not is_tensor(part) or part.dim() == 0 or part.shape[1:] != row:
            wanted = f"a tensor of shape {shape} (samples first, then labels)"
            output = f"{name} of each pair"
            raise UnfitError("wrong-kind", output=output, kind=kind_of(part), wanted=wanted)
    if len(samples) != len(labels):
        wanted = f"one label for each of its {len(samples)} samples"
        raise UnfitError("wrong-kind", output="a pair", kind=kind_of(labels), wanted=wanted)


def kind_of(value):
    """Return the type of a value for a report, and how large it is."""
    if is_tensor(value):
        return f"tensor of shape {tuple(value.shape)}"
    size = f" of {len(value)}" if isinstance(value, tuple | list) else ""
    return type(value).__name__ + size
