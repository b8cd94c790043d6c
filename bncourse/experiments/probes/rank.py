"""How many directions the outputs of a layer really use."""

import torch
from torch import Tensor

from bncourse.experiments.network import Network
from bncourse.experiments.probes.passes import forward
from bncourse.experiments.probes.units import by_layer, by_unit


def effective_rank(network: Network, x: Tensor, y: Tensor) -> dict[str, Tensor]:
    """Return the effective rank of the output of each hidden layer.

    ``exp(-sum_k p_k log p_k)`` with ``p_k = s_k / sum_j s_j``, where s are the singular values of
    the matrix of outputs, a row for each sample (and position) and a column for each unit; it is
    not centred (Roy & Vetterli 2007). It is 1 if all samples point in the same
    direction, at most ``min(n, units)`` for n rows, and not a whole number in between.

    Parameters
    ----------
    network : Network
        of a stack, left as it is
    x : Tensor, ``(N, E, C, *S)``
        inputs
    y : Tensor, (N, E)
        labels, without influence

    Returns
    -------
    dict of str to Tensor, (E, layers)
        ``effective_rank``; nan where the outputs are not finite, or all zero
    """
    with torch.no_grad():
        _, seen = forward(network, x, watched=network.blocks)
        return by_layer([{"effective_rank": _rank(by_unit(out))} for _, out in seen])


def _rank(matrices):
    """Return the effective rank of each of the matrices (E, C, n)."""
    finite = matrices.isfinite().all(2).all(1)
    # One matrix that is not finite would make the decomposition of all of them fail.
    values = torch.linalg.svdvals(torch.where(finite[:, None, None], matrices, 0))
    parts = values / values.sum(1, keepdim=True)
    return torch.special.entr(parts).sum(1).exp()
