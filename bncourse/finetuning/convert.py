"""Trained batch norms taken from Keras to PyTorch, or back: three conventions that differ.

==================  =======================  =======================
convention          PyTorch                  Keras
==================  =======================  =======================
``momentum``        weight of the new batch  weight of what is kept
running variance    unbiased                 biased
default of epsilon  1e-5                     1e-3
==================  =======================  =======================
"""

import dataclasses
from collections.abc import Iterable, Sequence

from torch import nn

from bncourse.finetuning import keras_side, torch_side
from bncourse.finetuning.keras import keras


def convert_batch_norms(
    source: nn.Module,
    target: nn.Module,
    count: int | Sequence[int] | None = None,
    steps: int | None = None,
) -> None:
    """Give the batch norms of one model the numbers of those of another, from Keras or to Keras.

    Copied are gamma, beta, the running statistics, epsilon and the momentum, which is
    ``1 - momentum`` in the other library. In evaluation, both then compute the same.

    The running variance of PyTorch is the unbiased one, ``count / (count - 1)`` times that of
    Keras. Without ``count`` it is copied as it is. With ``count`` it becomes what the *other*
    library would have stored after the same training, and evaluation changes by as much. That is
    exact if all batches had the same size, and if the start at 1, which has no factor, weighs
    nothing any more or its weight follows from ``steps``. What cannot be recovered is the variance
    of batches that differed in size.

    Parameters
    ----------
    source : Module of PyTorch, or model or layer of Keras
        a trained model, or a single norm
    target : model or layer of Keras, or Module of PyTorch
        changed in place. The n-th norm of one is taken for the n-th of the other, in the order of
        ``model.modules()`` and of ``model.layers``; if that differs, convert norm by norm.
    count : int, sequence of int, or None
        values that a norm pooled for each channel in training, for all norms or for each: N for
        features, N H W for images
    steps : int or None
        updates of the running statistics since their start; None if the start is forgotten

    Raises
    ------
    ValueError
        The models are not one of each library, do not have the same norms, or a norm has no numbers
        to convert or no place for them; nothing is changed then.
    ModuleNotFoundError
        Keras is not installed.
    RuntimeError
        Keras does not compute with PyTorch.
    """
    given, taken = _side("source", source), _side("target", target)
    if given is taken:
        raise ValueError(f"source and target are each a {given.MODEL}: pass one of each library")
    old, new = _norms("source", given, source), _norms("target", taken, target)
    if len(old) != len(new):
        raise ValueError(
            f"source has {len(old)} batch norms ({', '.join(old)}), and target {len(new)} "
            f"({', '.join(new)}): convert between models that have the same, or norm by norm"
        )
    numbers = [given.read(norm) for norm in old.values()]
    for mine, theirs, *names in zip(numbers, map(taken.read, new.values()), old, new, strict=True):
        _check_pair(mine, theirs, *names)
    counts = _counts(count, len(old))
    power = 1 if given is keras_side else -1
    for norm, each, m in zip(new.values(), numbers, counts, strict=True):
        taken.write(norm, each if m is None else _with_factor(each, (m / (m - 1)) ** power, steps))


def _side(name, model):
    if isinstance(model, keras().layers.Layer):  # which is a Module of PyTorch, too
        return keras_side
    if isinstance(model, nn.Module):
        return torch_side
    raise ValueError(
        f"{name} must be a {torch_side.MODEL}, or a {keras_side.MODEL}, got {type(model).__name__}"
    )


def _norms(name, side, model):
    found = side.norms(model)
    for norm, layer in found.items():
        if obstacle := side.obstacle(layer):
            raise ValueError(
                f"{name} has a batch norm {norm!r} that cannot be converted: {obstacle}"
            )
    return found


def _check_pair(mine, theirs, source, target):
    sizes = mine.mean.numel(), theirs.mean.numel()
    if sizes[0] != sizes[1]:
        raise ValueError(
            f"norm {source!r} of source has {sizes[0]} channels, and norm {target!r} of target "
            f"{sizes[1]}: if the order of the norms differs, convert norm by norm"
        )
    for name in ("gamma", "beta"):
        if getattr(mine, name) is not None and getattr(theirs, name) is None:
            raise ValueError(
                f"norm {source!r} of source has {name}, and norm {target!r} of target has none: "
                "construct it with one"
            )
    if mine.update_rate is None:
        raise ValueError(
            f"norm {source!r} of source has momentum=None, a cumulative average, which Keras does "
            "not know: set its momentum to a number first"
        )


def _counts(count, norms):
    counts = list(count) if isinstance(count, Iterable) else [count] * norms
    if len(counts) != norms or any(m is not None and m < 2 for m in counts):
        raise ValueError(
            f"count must be at least 2, for all {norms} norms or for each, got {count!r}: pass N "
            "for features, N * H * W for images"
        )
    return counts


def _with_factor(numbers, factor, steps):
    """Return the numbers with another variance: what is left of the start at 1 has no factor."""
    start = 0.0 if steps is None else (1 - numbers.update_rate) ** steps
    return dataclasses.replace(numbers, var=start + (numbers.var - start) * factor)
