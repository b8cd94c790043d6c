"""Every batch norm of a network folded that can be, and a reason for each that cannot."""

import copy
from dataclasses import dataclass

from torch import Tensor, fx, nn

from bncourse.inference.tracing import module_of, traced
from bncourse.inference.ways import INTO_LAYER_AFTER, INTO_LAYER_BEFORE
from bncourse.nn.kinds import BATCH_NORMS


@dataclass(frozen=True)
class Folded:
    """A norm that is gone.

    Parameters
    ----------
    norm : str
        its name in the model
    layer : str
        the name of the layer that does its work
    """

    norm: str
    layer: str


@dataclass(frozen=True)
class Left:
    """A norm that is left alone.

    Parameters
    ----------
    norm : str
        its name in the model
    reason : str
        why it can be folded neither into what comes before it nor into what comes after it
    """

    norm: str
    reason: str


def fold_all(model: nn.Module, *inputs: Tensor) -> tuple[fx.GraphModule, list[Folded | Left]]:
    """Return a copy of a model with each batch norm folded that can be, and what became of each.

    A norm is folded into the layer before it (`fold`), or else into the layer after it
    (`fold_before`), if both are called once and nothing else uses what passes between them.

    Parameters
    ----------
    model : Module
        in evaluation mode; ``torch.fx`` must be able to trace it
    *inputs : Tensor
        arguments of one call, optional: they show where a norm takes the positions of a sequence
        for channels. Without them, ``Linear`` is taken to be applied to (N, features).

    Returns
    -------
    folded : GraphModule
        shares no tensor with ``model``, and is for evaluation alone
    report : list of Folded or Left
        one for each norm that is called, in the order of the calls

    Raises
    ------
    ValueError
        The model is in training mode, or cannot be traced.
    """
    if model.training:
        raise ValueError("model is in training mode (training=True): call model.eval() first")
    network = traced(copy.deepcopy(model), inputs)
    norms = [n for n in network.graph.nodes if isinstance(module_of(network, n), BATCH_NORMS)]
    layers = {norm: INTO_LAYER_BEFORE.merge(network, norm) for norm in norms}
    for norm in reversed(norms):  # of several norms before one layer, the last goes first
        layers[norm] = layers[norm] or INTO_LAYER_AFTER.merge(network, norm)
    report = {}
    for norm, layer in layers.items():
        found = Folded(norm.target, layer) if layer else Left(norm.target, _reason(network, norm))
        report.setdefault(norm.target, found)
    network.delete_all_unused_submodules()
    network.recompile()
    return network, list(report.values())


def _reason(network, norm):
    before, after = (way.reason(network, norm) for way in (INTO_LAYER_BEFORE, INTO_LAYER_AFTER))
    return f"before it, {before}; after it, {after}"
