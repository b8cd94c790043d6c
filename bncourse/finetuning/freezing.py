"""Batch norm that stays as it is while the rest of a network is trained."""

from functools import partial

from torch import nn

from bncourse.nn.kinds import batch_norms


def freeze(model: nn.Module, statistics: bool = True, parameters: bool = True) -> None:
    """Hold the batch norms of a model as they are, whatever the training loop calls.

    With frozen statistics a norm stays in evaluation mode: it uses its running statistics, and
    ``model.train()`` passes it by, for its own ``train`` is replaced by a function that does
    nothing. This survives ``copy.deepcopy`` and ``pickle``, and leaves ``state_dict`` as it was: a
    model into which the state is loaded must be frozen itself.

    Frozen parameters require no gradient, and lose the one that they have: with a gradient of 0,
    an optimizer would still move them by momentum and weight decay.

    Parameters
    ----------
    model : Module
        changed in place
    statistics : bool
        whether the running statistics are frozen
    parameters : bool
        whether gamma and beta are

    Raises
    ------
    ValueError
        A norm keeps no running statistics (``track_running_stats=False``): it would go on using
        those of the batch.
    """
    norms = batch_norms(model)
    if statistics:
        _check_statistics(norms)
    for norm in norms.values():
        if statistics:
            norm.eval()
            norm.train = partial(_stay, norm)
        for parameter in norm.parameters() if parameters else ():
            parameter.requires_grad_(False)
            parameter.grad = None


def unfreeze(model: nn.Module, statistics: bool = True, parameters: bool = True) -> None:
    """Undo `freeze`.

    Parameters
    ----------
    model : Module
        changed in place
    statistics : bool
        whether the norms take the mode of the model again, now and when it changes
    parameters : bool
        whether gamma and beta require a gradient again; an optimizer that was made without them
        must be told of them
    """
    for norm in batch_norms(model).values():
        if statistics and _is_frozen(norm):
            del norm.train
            norm.train(model.training)
        if parameters:
            norm.requires_grad_(True)


def _stay(norm, mode=True):
    """Stand in for ``norm.train``.

    A function of the module, bound by `functools.partial`, can be copied and pickled with the norm;
    a lambda cannot, and a bound method is looked up again in the class.
    """
    return norm


def _is_frozen(norm):
    return getattr(vars(norm).get("train"), "func", None) is _stay


def _check_statistics(norms):
    without = [name for name, norm in norms.items() if norm.running_mean is None]
    if without:
        raise ValueError(
            f"model has batch norm without running statistics, {', '.join(map(repr, without))}, "
            "which uses those of the batch in both modes: construct it with "
            "track_running_stats=True, or pass statistics=False"
        )
