"""Why batch norm cannot be folded into a layer: reasons that say what to do."""

from torch import nn

from bncourse.nn.kinds import BATCH_NORMS

TRANSPOSED = (nn.ConvTranspose1d, nn.ConvTranspose2d, nn.ConvTranspose3d)
LAYERS = (nn.Linear, nn.Conv1d, nn.Conv2d, nn.Conv3d, *TRANSPOSED)


def obstacle_after(layer: nn.Module, bn: nn.Module) -> str | None:
    """Return why ``bn``, which comes after ``layer``, cannot be folded into it, or None.

    Parameters
    ----------
    layer, bn : Module

    Returns
    -------
    str or None
    """
    return next(_after(layer, bn), None)


def obstacle_before(bn: nn.Module, layer: nn.Module) -> str | None:
    """Return why ``bn``, which comes before ``layer``, cannot be folded into it, or None.

    Parameters
    ----------
    bn, layer : Module

    Returns
    -------
    str or None
    """
    return next(_before(bn, layer), None)


def _after(layer, bn):
    yield from _either(layer, bn)
    outputs = layer.out_features if isinstance(layer, nn.Linear) else layer.out_channels
    yield from _sizes(bn, outputs, "the layer before it gives")


def _before(bn, layer):
    yield from _either(layer, bn)
    inputs = layer.in_features if isinstance(layer, nn.Linear) else layer.in_channels
    yield from _sizes(bn, inputs, "the layer after it takes")
    if isinstance(layer, TRANSPOSED):
        yield (
            "a transposed convolution adds up fewer elements of its kernel at the border, so that "
            "the shift of the norm before it is no constant there: keep the norm"
        )
    elif not isinstance(layer, nn.Linear) and _pads_with_zeros(layer):
        yield (
            f"the convolution pads the output of the norm with zeros (padding={layer.padding!r}), "
            "and would pad its input: the border would differ; use padding=0 or another "
            "padding_mode, or keep the norm"
        )


def _either(layer, bn):
    if type(layer) not in LAYERS:
        yield f"{type(layer).__name__} is no Linear, Conv or ConvTranspose of torch.nn"
    if not isinstance(bn, BATCH_NORMS):
        yield f"{type(bn).__name__} is no batch norm of torch.nn or bncourse.nn"
    for part in (layer, bn):
        name = type(part).__name__
        if "weight" not in part._parameters:
            yield (
                f"the weight of the {name} is computed anew at each call, by pruning or another "
                "parametrization: make it permanent first, for instance with "
                "torch.nn.utils.parametrize.remove_parametrizations"
            )
        if part._forward_hooks or part._forward_pre_hooks:
            yield f"the {name} has hooks, which may see or change what is between: remove them"
        if part.training:
            yield f"the {name} is in training mode: call eval() on the model first"
    if bn.running_mean is None:
        yield (
            "the norm keeps no running statistics (track_running_stats=False), so that it is no "
            "fixed line in evaluation either: keep it"
        )


def _sizes(bn, size, gives):
    if bn.num_features != size:
        yield f"the norm has num_features={bn.num_features}, but {gives} {size}: they do not fit"


def _pads_with_zeros(conv):
    if conv.padding_mode != "zeros" or conv.padding == "valid":
        return False
    return (
        any(size > 1 for size in conv.kernel_size) if conv.padding == "same" else any(conv.padding)
    )
