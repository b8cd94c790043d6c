"""Initial weights: a function of the seed and the layer alone, so that arms start alike."""

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from bncourse.evidence.config import Config
from bncourse.experiments.streams import FIRST_LAYER, generator

GAIN = {"kaiming_normal": {"nonlinearity": "relu"}, "kaiming_uniform": {"nonlinearity": "relu"}}


@torch.no_grad()
def initialize(network: nn.Module, configs: Sequence[Config], seeds: Sequence[int]) -> None:
    """Set the weights of ``network``, member by member, as the configurations say.

    Parameters
    ----------
    network : Network
        changed in place
    configs : sequence of Config
        its arms
    seeds : sequence of int
        its seeds

    Raises
    ------
    ValueError
        ``branch_scale`` finds nothing to scale in the norm that a factory made.
    """
    for number, layer in enumerate(_linears(network)):
        shape = layer.shape_of_one()
        drawn = [_draw(configs[0].init, shape, generator(s, FIRST_LAYER + number)) for s in seeds]
        weight, bias = (torch.stack(parts) for parts in zip(*drawn, strict=True))
        scales = [1.0 if layer is network.head else config.weight_scale for config in configs]
        layer.load(torch.cat([weight * s for s in scales]), bias.repeat(len(configs), 1))
    if any(config.branch_scale != 1 for config in configs):
        scales = torch.tensor([config.branch_scale for config in configs])
        for block in network.blocks[1:]:  # pyrefly: ignore[bad-index]
            _scale_branch(block, configs[0], scales.repeat_interleave(len(seeds)))


def drawn(network: nn.Module) -> list[tuple[Tensor, Tensor]]:
    """Return the weight and bias of each linear map, (E, ...), in forward order."""
    return [(layer.weight, layer.bias) for layer in _linears(network)]


def _linears(network):
    return [block.linear for block in network.blocks] + [network.head]


def _scale_branch(block, config, scales):
    """Multiply what the branch of a block adds by ``scales``, (E,)."""
    ends_with_norm = config.residual == "post" and config.norm != "none"
    end = block.norm if ends_with_norm else block.linear
    found = {name.rpartition(".")[2]: values for name, values in end.named_parameters()}
    if "weight" not in found:
        raise ValueError(
            f"branch_scale needs a parameter named weight to scale, and norm={config.norm!r} made "
            f"a module with {', '.join(found) or 'no parameters'}: name its factor weight"
        )
    for name in {"weight", "bias"} & found.keys():
        values = found[name]
        values.mul_(scales.to(values).view(-1, *[1] * (values.ndim - 1)))


def _draw(init, shape, stream):
    """Return weight and bias of one layer of one member, in float64."""
    weight = torch.empty(shape, dtype=torch.float64)
    bias = torch.zeros(shape[0], dtype=torch.float64)
    if init == "torch":
        torch.nn.init.kaiming_uniform_(weight, math.sqrt(5), generator=stream)
        bound = 1 / math.sqrt(weight[0].numel())
        return weight, bias.uniform_(-bound, bound, generator=stream)
    fill = getattr(torch.nn.init, f"{init}_")
    return fill(weight, generator=stream, **GAIN.get(init, {})), bias
