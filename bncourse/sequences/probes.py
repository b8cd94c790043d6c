"""Measurements of a stack of Transformers."""

import torch
from torch import Tensor

from bncourse.sequences.network import Decoder
from bncourse.sequences.stack import TextStack, token_losses


def in_training_mode(stack: TextStack) -> dict[str, Tensor]:
    """Return the test loss of each member in training mode, (E,), as ``test_loss_in_training``.

    The test split is read in batches of the size that training has, in random order, so batch norm
    uses the statistics of each batch. Its running statistics stay as they are.

    Parameters
    ----------
    stack : TextStack
        trained
    """
    x, y = (torch.cat(parts) for parts in zip(*stack.pieces("test"), strict=True))
    order = torch.randperm(len(x), generator=torch.Generator().manual_seed(0))
    size = stack.data.batch_size
    order = order[: len(x) // size * size]
    kept = {name: values.clone() for name, values in stack.network.named_buffers()}
    with torch.no_grad():
        losses = [
            token_losses(stack.network(x[some]), y[some]).mean((1, 2)) for some in order.split(size)
        ]
        for name, values in stack.network.named_buffers():
            values.copy_(kept[name])
    return {"test_loss_in_training": torch.stack(losses).mean(0)}


def branch_gradients(network: Decoder, x: Tensor, y: Tensor) -> dict[str, Tensor]:
    """Return the norm of the gradient with respect to the last weights of each branch.

    Parameters
    ----------
    network : Decoder
        in training mode
    x, y : Tensor of int, (B, E, T)
        tokens, and what follows them

    Returns
    -------
    dict of str to Tensor
        ``branch_gradients``, (E, branches)
    """
    weights = [branch.inside.outward.weight for branch in network.branches]  # pyrefly: ignore[missing-attribute]
    losses = token_losses(network(x), y).mean((1, 2))
    grads = torch.autograd.grad(losses.sum(), weights)
    return {"branch_gradients": torch.stack([grad.norm(dim=(1, 2)) for grad in grads], 1)}
