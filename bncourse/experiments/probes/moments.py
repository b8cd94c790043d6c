"""What the activation functions get and give: the first moments of each unit."""

import torch
from torch import Tensor

from bncourse.experiments.network import Network
from bncourse.experiments.probes.passes import forward
from bncourse.experiments.probes.units import by_layer, by_unit, centred


def activation_moments(network: Network, x: Tensor, y: Tensor) -> dict[str, Tensor]:
    """Return moments of what goes into and comes out of each activation function.

    Moments are taken for each unit over the n values that it has in a batch (samples and, in a cnn,
    positions), with 1 / n, and then combined over the units of a layer. "Preactivation" is what the
    activation function gets: after the norm, if the norm stands before.

    How to read them: batch norm with scale 1 and shift 0 sets mean and variance to 0 and 1 and
    leaves skewness and kurtosis what they were. Of n independent normal numbers, the expected
    root mean square skewness is ``sqrt(6 (n - 2) / ((n + 1) (n + 3)))``, the expected excess
    kurtosis ``-6 / (n + 1)``: near 0, not 0.

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
        ``preactivation_mean``: mean over units of the mean; ``preactivation_mean_rms``: root mean
        square over units of the mean (means of opposite sign do not cancel);
        ``preactivation_variance``: mean over units of the variance;
        ``preactivation_skewness_rms``: root mean square over units of ``E[u^3]``, where
        ``u = (z - mean) / sqrt(variance)``; ``preactivation_kurtosis``: mean over units of the
        excess ``E[u^4] - 3``; ``activation_mean``, ``activation_variance``: means over units, of
        the output. Units that do not vary have neither skewness nor kurtosis and are left out
        there.
    """
    with torch.no_grad():
        _, seen = forward(network, x, watched=network.activations)
    return by_layer([_moments(by_unit(z), by_unit(out)) for z, out in seen])


def _moments(z, out):
    """Return the moments of a layer for the values (E, C, n) of its units."""
    mean, deviation = centred(z)
    var = deviation.square().mean(2)
    u = deviation / var.sqrt()[:, :, None]
    return {
        "preactivation_mean": mean.mean(1),
        "preactivation_mean_rms": mean.square().mean(1).sqrt(),
        "preactivation_variance": var.mean(1),
        "preactivation_skewness_rms": u.pow(3).mean(2).square().nanmean(1).sqrt(),
        "preactivation_kurtosis": u.pow(4).mean(2).nanmean(1) - 3,
        "activation_mean": out.mean((1, 2)),
        "activation_variance": centred(out)[1].square().mean((1, 2)),
    }
