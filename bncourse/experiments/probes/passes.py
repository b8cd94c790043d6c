"""Forward and backward passes that leave no trace in the network."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack, contextmanager

import torch
from torch import Tensor, nn
from torch.func import functional_call

from bncourse.experiments.network import Network
from bncourse.experiments.stack import member_losses


def forward(
    network: nn.Module,
    x: Tensor,
    watched: Iterable[nn.Module] = (),
    parameters: dict[str, Tensor] | None = None,
) -> tuple[Tensor, list[tuple[Tensor, Tensor]]]:
    """Return the logits, and what went into and came out of the watched modules.

    Every call sees the random numbers that the next step of training will draw: two calls differ by
    their inputs and parameters alone.

    Parameters
    ----------
    network : Network
        left as it is
    x : Tensor, ``(N, E, C, *S)``
        inputs
    watched : sequence of torch.nn.Module
        parts of the network
    parameters : dict of str to Tensor, optional
        used in place of the parameters with these names

    Returns
    -------
    logits : Tensor, (N, E, classes)
    seen : list of (Tensor, Tensor)
        input and output of each watched module, in forward order
    """
    seen = []
    # Batch norm writes into its buffers: it gets copies.
    state = {name: buffer.clone() for name, buffer in network.named_buffers()}
    with ExitStack() as undo:
        undo.enter_context(_replayed(network))
        for module in watched:
            hook = module.register_forward_hook(lambda _, x, y: seen.append((*x, y)))
            undo.enter_context(hook)
        logits = functional_call(network, state | (parameters or {}), (x,))
    return logits, seen


def gradients(
    network: Network,
    x: Tensor,
    y: Tensor,
    parameters: dict[str, Tensor] | None = None,
    wanted: Iterable[str] | None = None,
) -> tuple[Tensor, dict[str, Tensor]]:
    """Return the losses and their gradients with respect to parameters.

    Parameters
    ----------
    network, x, parameters :
        as in `forward`
    y : Tensor, (N, E)
        labels
    wanted : iterable of str, optional
        names of the parameters to differentiate by; all without it

    Returns
    -------
    losses : Tensor, (E,)
    grads : dict of str to Tensor
        by the names of the parameters, each ``(E, ...)``
    """
    values = dict(network.named_parameters()) | (parameters or {})
    values = {name: value.detach() for name, value in values.items()}
    leaves = {name: values[name].requires_grad_() for name in wanted or values}
    with torch.enable_grad():
        losses = member_losses(forward(network, x, parameters=values)[0], y)
        grads = torch.autograd.grad(losses.sum(), list(leaves.values()))
    return losses.detach(), dict(zip(leaves, grads, strict=True))


def moved(network: Network, grads: Mapping[str, Tensor], rates: Tensor) -> dict[str, Tensor]:
    """Return the parameters after a plain step against their gradients.

    Parameters
    ----------
    network : Network
        left as it is
    grads : dict of str to Tensor
        by the names of the parameters that move
    rates : Tensor, (E,)
        length of the step in units of the gradient, for each member

    Returns
    -------
    dict of str to Tensor
    """
    before = dict(network.named_parameters())
    return {
        name: before[name].detach() - rates.view(-1, *[1] * (grad.ndim - 1)) * grad
        for name, grad in grads.items()
    }


def member_rates(learning_rate: float | Sequence[float], like: Tensor) -> Tensor:
    """Return a learning rate for each member, (E,), in the dtype of ``like``, (E, ...).

    Raises
    ------
    ValueError
        ``learning_rate`` is neither one number nor one for each member, or is not positive.
    """
    rates = torch.as_tensor(learning_rate, dtype=like.dtype, device=like.device)
    members = len(like)
    if rates.shape not in ((), (members,)) or not bool((rates > 0).all()):
        raise ValueError(
            "learning_rate must be a positive number, or one for each of the "
            f"{members} members of the stack, got {learning_rate!r}"
        )
    return rates.expand(members)


@contextmanager
def _replayed(network):
    """Put the streams of random numbers of dropout and noise back at the end."""
    streams = {module.streams for module in network.modules() if hasattr(module, "streams")}
    states = [(g, g.get_state()) for stream in streams for g in stream.generators]
    try:
        yield
    finally:
        for generator, state in states:
            generator.set_state(state)
