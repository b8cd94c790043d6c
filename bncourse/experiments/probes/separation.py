"""How far apart the classes are in what each layer gives."""

import torch
from torch import Tensor

from bncourse.experiments.network import Network
from bncourse.experiments.probes.passes import forward
from bncourse.experiments.probes.units import by_layer


def class_share(network: Network, x: Tensor, y: Tensor) -> dict[str, Tensor]:
    r"""Return which share of the variance of each hidden layer's output lies between the classes.

    For outputs h of n samples in K classes, a vector each, it is

    .. math::
        1 - \frac{\sum_i |h_i - m_{y_i}|^2 / (n - K)}{\sum_i |h_i - m|^2 / (n - 1)},

    where m is the mean of all outputs and :math:`m_k` that of class k (Kelley 1935, "An unbiased
    correlation ratio measure"). It is 1 where the samples of a class give the same, and 0 on
    average where the labels say nothing about the outputs: so where all samples are equally far
    apart. A single batch can give a number below 0. The scale of the outputs has no influence.

    Parameters
    ----------
    network : Network
        of a stack, left as it is
    x : Tensor, ``(N, E, C, *S)``
        inputs
    y : Tensor, (N, E)
        labels

    Returns
    -------
    dict of str to Tensor, (E, layers)
        ``class_share``; nan where all outputs are the same, or not finite, or where no class has
        two samples
    """
    same = (y.T[:, :, None] == y.T[:, None]).double()
    average = same / same.sum(2, keepdim=True)
    with torch.no_grad():
        _, seen = forward(network, x, watched=network.blocks)
        return by_layer([{"class_share": _share(out, average)} for _, out in seen])


def _share(out, average):
    """Return the share for outputs ``(N, E, C, *S)`` and what takes means of classes (E, N, N)."""
    samples = out.transpose(0, 1).flatten(2).double()
    free, classes = samples.shape[1] - 1, average.diagonal(dim1=1, dim2=2).sum(1)
    total = (samples - samples.mean(1, keepdim=True)).square().sum((1, 2)) / free
    left = (samples - average @ samples).square().sum((1, 2)) / (free + 1 - classes)
    return torch.where(total > 0, 1 - left / total, torch.nan)
