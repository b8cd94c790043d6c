"""The graph of a network: which module is called on what."""

import torch
from torch import Tensor, fx, nn
from torch.fx.passes.shape_prop import ShapeProp

from bncourse.nn.affine import AffineNorm
from bncourse.nn.kinds import BATCH_NORMS


class Tracer(fx.Tracer):
    """Takes every norm for a whole: ours cannot be traced, and a subclass should stay one piece."""

    def is_leaf_module(self, m: nn.Module, module_qualified_name: str) -> bool:
        """Return whether the module is called in the graph, and not what it calls."""
        whole = isinstance(m, (AffineNorm, *BATCH_NORMS))
        return whole or super().is_leaf_module(m, module_qualified_name)


def traced(model: nn.Module, inputs: tuple[Tensor, ...]) -> fx.GraphModule:
    """Return the model as a graph, with the shapes in it if there are inputs.

    Parameters
    ----------
    model : Module
        whose modules the graph takes over
    inputs : tuple of Tensor
        arguments of one call, or none

    Returns
    -------
    GraphModule

    Raises
    ------
    ValueError
        ``torch.fx`` cannot trace the model.
    """
    try:
        network = fx.GraphModule(model, Tracer().trace(model), type(model).__name__)
    except Exception as error:  # whatever the code of a model raises when it is given no numbers
        raise ValueError(
            f"torch.fx cannot trace {type(model).__name__} ({error}): no branch, loop or size in "
            "it may depend on data; call fold_all on the parts of the model that can be traced, "
            "or fold its pairs one by one with fold(layer, bn)"
        ) from error
    network.graph.eliminate_dead_code()
    if inputs:
        with torch.no_grad():
            ShapeProp(network).propagate(*inputs)
    return network


def module_of(network: fx.GraphModule, node: fx.Node) -> nn.Module | None:
    """Return the module that a node calls, or None."""
    return network.get_submodule(node.target) if node.op == "call_module" else None  # pyrefly: ignore[bad-argument-type]


def uses(network: fx.GraphModule, target: str) -> int:
    """Count the nodes that call a module, or read a tensor of it."""
    own = [node for node in network.graph.nodes if node.op in ("call_module", "get_attr")]
    return sum(f"{node.target}.".startswith(f"{target}.") for node in own)
