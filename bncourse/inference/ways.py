"""The two ways in which a norm can be folded: into the layer before it, or the layer after it."""

from collections.abc import Callable
from dataclasses import dataclass

from torch import fx

from bncourse.inference.folding import fold, fold_before
from bncourse.inference.obstacles import obstacle_after, obstacle_before
from bncourse.inference.tracing import module_of, uses

_KINDS = {
    "placeholder": "an input of the network",
    "call_function": "a function",
    "call_method": "a method",
    "get_attr": "a tensor",
    "output": "the output of the network",
}


@dataclass(frozen=True)
class Way:
    """A norm and one of its neighbours, which may become one layer.

    Parameters
    ----------
    neighbour : callable
        ``neighbour(norm)``: the other node
    ordered : callable
        ``ordered(norm, neighbour)``: the two nodes in the order in which they are called
    obstacle, fold : callable
        of the two modules in this order: what keeps them apart, or None; the one layer
    """

    neighbour: Callable
    ordered: Callable
    obstacle: Callable
    fold: Callable

    def merge(self, network: fx.GraphModule, norm: fx.Node) -> str | None:
        """Fold the norm away and return the name of the layer, or None if there is a reason."""
        if self.reason(network, norm):
            return None
        layer = self.neighbour(norm)
        modules = (module_of(network, node) for node in self.ordered(norm, layer))
        network.set_submodule(layer.target, self.fold(*modules))
        norm.replace_all_uses_with(norm.all_input_nodes[0])
        network.graph.erase_node(norm)
        return layer.target

    def reason(self, network: fx.GraphModule, norm: fx.Node) -> str | None:
        """Return why the two cannot become one layer, or None."""
        other = self.neighbour(norm)
        return next(self._reasons(network, other, *self.ordered(norm, other)), None)

    def _reasons(self, network, other, first, second):
        if other.op != "call_module":
            yield f"{other.name} is {_KINDS[other.op]}, no layer"
        for node in (first, second):
            if (count := uses(network, node.target)) > 1:
                yield f"{node.target} is used {count} times"
        if users := [user.name for user in first.users if user is not second]:
            yield f"the output of {first.target} is also used by {', '.join(users)}"
        modules = [module_of(network, node) for node in (first, second)]
        if obstacle := self.obstacle(*modules):
            yield obstacle
        layer, between = module_of(network, other), first.meta.get("tensor_meta")
        if between is not None and len(between.shape) != layer.weight.dim():  # pyrefly: ignore[missing-attribute]
            yield (
                f"between them is a tensor of shape {tuple(between.shape)}, in which the channels "
                f"of the {type(layer).__name__} are not those of the norm"
            )


INTO_LAYER_BEFORE = Way(
    lambda norm: norm.all_input_nodes[0], lambda norm, layer: (layer, norm), obstacle_after, fold
)
INTO_LAYER_AFTER = Way(
    lambda norm: next(iter(norm.users)),
    lambda norm, layer: (norm, layer),
    obstacle_before,
    fold_before,
)
