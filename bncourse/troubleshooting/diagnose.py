"""Good in training, poor in evaluation: walk the tree of questions on a model of one's own."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from typing import Any

import torch
from torch import nn
from torch.nn.parameter import is_lazy

from bncourse.troubleshooting.examination import Examination
from bncourse.troubleshooting.holding import held_chance
from bncourse.troubleshooting.patient import Patient, forward_of, unwrapped
from bncourse.troubleshooting.report import Report
from bncourse.troubleshooting.tree import texts, walk


def diagnose(
    model: nn.Module,
    training_loader: Iterable[Any],
    evaluation_loader: Iterable[Any] | None = None,
    *,
    loss: Callable[[Any, Any], torch.Tensor | float] | None = None,
    forward: Callable[[nn.Module, Any], Any] = forward_of,
    reference: nn.Module | None = None,
    evaluate: Callable[[nn.Module], object] | None = None,
    batches: int = 50,
) -> Report:
    """Find out why a network is good in training and poor in evaluation.

    A tree of questions is walked: each is answered by a number that is measured on the model and
    judged by a limit that has a reason, and a yes leads to the layer, to what it means and to code
    that mends it. Nothing is changed: parameters, buffers, modes, gradients, hooks and generators
    of random numbers are afterwards as they were, also after an error.

    Norms with running statistics are found whether they are modules (of ``torch.nn``, of
    ``bncourse.nn``, or of one's own with ``running_mean`` and ``running_var``) or calls of
    ``F.batch_norm``; others do no harm.

    Parameters
    ----------
    model : Module
        in the mode in which it is found: in a training loop, or where it is evaluated
    training_loader : iterable of batches
        as in training, shuffled likewise. A batch is a tensor, or a tuple, list or dict of tensors
        with the samples along axis 0
    evaluation_loader : iterable of batches, optional
        what is evaluated; with it, the inputs of both are compared
    loss : callable, optional
        ``loss(outputs, targets)``; its value in both modes is told. The targets are the second part
        of a batch that is a pair, and the whole batch if it is no tuple
    forward : callable, optional
        ``forward(model, batch)`` returns the outputs; by default a tensor goes in by itself, of a
        tuple the first part, and a dict by its names
    reference : Module, optional
        a model that should give the same answers: before folding, export, conversion or a copy
    evaluate : callable, optional
        ``evaluate(model)`` is your own evaluation; it is watched, so that a forgotten ``eval()``
        is certain. Without it, only the mode in which the model was given can be told
    batches : int
        how many batches of each loader are used

    Returns
    -------
    Report
        shows itself in a notebook and as text; ``report.causes`` has the ids of what was found

    Raises
    ------
    TypeError
        ``model`` is no module, or is compiled to a script, or a loader cannot be gone through.
    ValueError
        A loader can be gone through only once, or gives no batch; ``batches`` is less than 1; or
        a layer has no parameters yet.
    """
    _check(model, reference, training_loader, evaluation_loader, batches)
    with ExitStack() as held:
        patient = Patient(model, forward)
        held.enter_context(held_chance([training_loader, evaluation_loader], patient.device))
        held.enter_context(patient)
        other = None if reference is None else held.enter_context(Patient(reference, forward))
        exam = Examination(
            patient, training_loader, evaluation_loader, loss, other, evaluate, batches
        )
        if not exam.seen:
            raise ValueError("training_loader gives no batch: pass one that has samples")
        return Report(tuple(walk(exam)), _summary(exam))


def _check(model, reference, training_loader, evaluation_loader, batches):
    """Raise unless the arguments of `diagnose` are what it asks for."""
    _check_model("model", model)
    if reference is not None:
        _check_model("reference", reference)
    _check_loader("training_loader", training_loader)
    if evaluation_loader is not None:
        _check_loader("evaluation_loader", evaluation_loader)
    if batches < 1:
        raise ValueError(f"batches must be at least 1, got {batches}: 50 are enough for most")


def _check_model(name, model):
    if isinstance(model, torch.jit.ScriptModule):
        raise TypeError(
            f"{name} is a {type(model).__name__}, whose inside cannot be watched: pass the module "
            "that it was made from"
        )
    if not isinstance(model, nn.Module):
        raise TypeError(
            f"{name} must be a torch.nn.Module, got {type(model).__name__}: a function can be the "
            "forward of one"
        )
    for layer, parameter in unwrapped(model).named_parameters():
        if is_lazy(parameter):
            raise ValueError(
                f"{name} has a parameter without a shape, {layer!r}: send a batch through first"
            )


def _check_loader(name, loader):
    if isinstance(loader, torch.Tensor):
        raise TypeError(
            f"{name} must give batches, got a tensor of shape {tuple(loader.shape)}, which gives "
            f"single samples: pass {name}.split(64)"
        )
    if not isinstance(loader, Iterable) and not hasattr(loader, "__getitem__"):
        raise TypeError(
            f"{name} must give batches, got {type(loader).__name__}: pass a DataLoader or a list"
        )
    if isinstance(loader, Iterator):
        raise ValueError(
            f"{name} is a {type(loader).__name__}, which can be gone through only once, and would "
            "be used up: pass the DataLoader itself, or a list"
        )


def _summary(exam):
    """Return what was looked at, and the losses, in sentences."""
    words = texts()["report"]
    seen = words["seen"].format(
        norms=sum(norm.tracks for norm in exam.evaluation.norms),
        batches=exam.seen,
        other_batches=exam.seen_other,
    )
    losses = {name: exam.loss(name) for name in exam.losses}
    lines = [seen]
    if losses["training"] is not None:
        lines.append(words["loss"].format(**losses))
    if losses["other"] is not None:
        lines.append(words["loss_other"].format(**losses))
    return tuple(lines)
