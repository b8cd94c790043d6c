"""The running statistics of a trained network, replaced by those of the whole training set."""

from collections.abc import Callable, Iterable
from typing import Any

import torch
from tqdm import tqdm

from bncourse.nn.kinds import batch_norms
from bncourse.population.keeping import Snapshot, evaluation
from bncourse.population.passes import Passes, call


@torch.no_grad()
def recompute_statistics(
    model: torch.nn.Module,
    loader: Iterable[Any],
    forward: Callable[[torch.nn.Module, Any], object] = call,
    joint: bool = False,
    progress: bool = True,
) -> dict[str, int]:
    """Set the running statistics of each batch norm to the moments of all that it gets to see.

    The mean and the unbiased variance are pooled over all samples of the loader: exact up to
    rounding, however the samples are split into batches. The norms are computed one after the
    other, in the order in which they are called, and each sees what the earlier ones make of their
    new statistics, in evaluation mode: that is what it will see in use. It takes one pass for each
    norm. Ioffe & Szegedy (2015), algorithm 2, take the statistics of the population; Wu & Johnson
    (2021), section 3, https://arxiv.org/abs/2105.07576, call it precise batch norm.

    Weights, modes, momenta and counts of batches stay as they are. If anything is raised, also by
    an interrupt, the old statistics are put back.

    Parameters
    ----------
    model : Module
        on any device; dropout is off meanwhile
    loader : iterable
        of batches, which may differ in size; it is read several times, and should give the same
        samples each time
    forward : callable
        ``forward(model, item)`` calls the model on an item of the loader; the default takes a
        tensor, or the first of a tuple or list, and moves it to the device of the model
    joint : bool
        whether to compute all norms in a single pass, in which each normalizes with the batch at
        hand, as in training: quicker, and what others call precise batch norm, but deeper norms see
        what depends on the batches
    progress : bool
        whether to show a bar, if it takes longer than two seconds

    Returns
    -------
    dict of str to int
        for each norm that was called, how many values of each channel were pooled; the others keep
        their statistics

    Raises
    ------
    ValueError
        There is no batch norm with running statistics; the loader is empty, or can be read only
        once; or a norm is called twice on an item, so that it would see its own statistics.
    TypeError
        Without ``forward``, an item is no tensor and does not begin with one.
    """
    norms = {name: n for name, n in batch_norms(model).items() if n.running_mean is not None}
    _check(norms, loader, joint)
    old = Snapshot(norms.values())
    shown = {} if progress else {"disable": True}  # TQDM_DISABLE decides where nobody does
    try:
        with evaluation(model), tqdm(delay=2, leave=False, **shown) as bar:  # pyrefly: ignore[no-matching-overload]
            passes = Passes(model, loader, forward, bar)
            return (_together if joint else _one_by_one)(norms, passes, old)
    except BaseException:
        old.put_back()
        raise


def _one_by_one(norms, passes, _):
    """Recompute each norm when those that are called before it have been."""
    order = passes.order(norms)
    for name in order:
        if order.count(name) > 1:
            raise ValueError(
                f"norm {name!r} is called {order.count(name)} times on one item, so that it would "
                "see what its own statistics make: pass joint=True"
            )
    counts = {}
    for name in order:
        counts |= _store(norms, passes.moments({name: norms[name]}))
    return counts


def _together(norms, passes, old):
    """Recompute all norms in one pass in training mode; what that moves is put back."""
    for norm in norms.values():
        norm.training = True
    found = passes.moments(norms)
    old.put_back()
    return _store(norms, found)


def _store(norms, found):
    for name, moments in found.items():
        norms[name].running_mean.copy_(moments.mean)
        norms[name].running_var.copy_(moments.unbiased_var)
    return {name: moments.count for name, moments in found.items()}


def _check(norms, loader, joint):
    if not norms:
        raise ValueError("model has no batch norm with running statistics: nothing to recompute")
    if not joint and iter(loader) is loader:
        raise ValueError(
            f"loader is a {type(loader).__name__}, which can be read once, but each norm takes a "
            "pass: pass a list or a DataLoader, or joint=True"
        )
