"""How large the gradient is in each layer."""

import torch
from torch import Tensor

from bncourse.experiments.network import Network
from bncourse.experiments.probes.passes import forward
from bncourse.experiments.probes.units import by_layer, member_norms
from bncourse.experiments.stack import member_losses


def gradient_norms(network: Network, x: Tensor, y: Tensor) -> dict[str, Tensor]:
    """Return the norms of the gradients in each hidden layer.

    ``gradient_norm`` is ``||dL/dz||``, where L is the mean loss of a member over the batch and z is
    the output of the linear map of a layer, for all samples, units and positions together
    (Frobenius norm). ``weight_gradient_norm`` is ``||dL/dW||`` of the weights of the linear map.

    These are absolute norms (Glorot & Bengio 2010, section 4.2): the ratio of the gradients of two
    layers' weights can stay put while both vanish. As L is a mean, ``||dL/dz||`` shrinks with
    1 / sqrt(N) when the batch grows. It does not depend on the width by itself.

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
        ``gradient_norm`` (unit: loss per z), ``weight_gradient_norm`` (unit: loss per W)
    """
    linears = [block.linear for block in network.blocks]
    with torch.enable_grad():
        logits, seen = forward(network, x, watched=linears)  # pyrefly: ignore[bad-argument-type]
        sources = [z for _, z in seen] + [linear.weight for linear in linears]  # pyrefly: ignore[missing-attribute]
        grads = torch.autograd.grad(member_losses(logits, y).sum(), sources)
    depth = len(linears)
    return by_layer(
        [
            {
                "gradient_norm": member_norms([grad_z.transpose(0, 1)]),
                "weight_gradient_norm": member_norms([grad_weight]),
            }
            for grad_z, grad_weight in zip(grads[:depth], grads[depth:], strict=True)
        ]
    )
