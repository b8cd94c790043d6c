"""One layer in place of two: in evaluation, batch norm is a straight line for each channel."""

import copy
from typing import TypeVar

import torch
from torch import nn

from bncourse.inference.obstacles import TRANSPOSED, obstacle_after, obstacle_before

Layer = TypeVar("Layer", bound=nn.Module)


def fold(layer: Layer, bn: nn.Module) -> Layer:
    """Return the layer that computes ``bn(layer(x))``, in evaluation.

    With ``scale = gamma / sqrt(running_var + eps)`` for each output::

        weight' = scale * weight
        bias' = scale * (bias - running_mean) + beta

    It is computed in float64 and rounded once. Jacob et al. (2018), section 3.2,
    https://arxiv.org/abs/1712.05877.

    Parameters
    ----------
    layer : Linear, Conv1d to 3d or ConvTranspose1d to 3d of ``torch.nn``
        in evaluation mode; a ``Linear`` must be applied to (N, features): over sequences, batch
        norm takes the positions for channels
    bn : batch norm of ``torch.nn`` or ``bncourse.nn``
        in evaluation mode, with running statistics

    Returns
    -------
    Module of the kind of ``layer``
        a new layer with a bias, dtype and device of ``layer``. Each of its parameters requires a
        gradient if one of those that it replaces does; no gradient flows back to them.

    Raises
    ------
    ValueError
        One is in training mode, the norm has no running statistics, the sizes do not fit, the kind
        is another, or pruning, a parametrization or a hook would interfere.
    """
    _refuse(obstacle_after(layer, bn))
    scale, shift = _line(bn)
    weight = _by_group(layer)
    outputs = 2 if isinstance(layer, TRANSPOSED) else 1
    bias = shift if layer.bias is None else shift + scale * _wide(layer.bias)
    return _renewed(layer, bn, weight * _along(scale, weight, outputs), bias)


def fold_before(bn: nn.Module, layer: Layer) -> Layer:
    """Return the layer that computes ``layer(bn(x))``, in evaluation.

    With ``scale = gamma / sqrt(running_var + eps)`` and ``shift = beta - scale * running_mean`` for
    each input::

        weight' = weight * scale
        bias' = bias + sum of weight * shift over inputs and kernel

    Exact where each output sees the whole kernel. A convolution that pads with zeros pads behind
    the norm: at the border the shift counts for part of the kernel alone, and no bias that is the
    same everywhere can say so.

    Parameters
    ----------
    bn : batch norm of ``torch.nn`` or ``bncourse.nn``
        in evaluation mode, with running statistics
    layer : Linear or Conv1d to 3d of ``torch.nn``
        in evaluation mode, without padding or with a ``padding_mode`` other than zeros; a
        ``Linear`` must be applied to (N, features)

    Returns
    -------
    Module of the kind of ``layer``
        as `fold` returns it

    Raises
    ------
    ValueError
        As for `fold`, or the layer pads with zeros, or is a transposed convolution.
    """
    _refuse(obstacle_before(bn, layer))
    weight = _by_group(layer)
    scale, shift = (_along(part, weight, 2) for part in _line(bn))
    bias = (weight * shift).flatten(2).sum(2).flatten()
    bias = bias if layer.bias is None else bias + _wide(layer.bias)
    return _renewed(layer, bn, weight * scale, bias)


def _refuse(obstacle):
    if obstacle:
        raise ValueError(f"cannot fold: {obstacle}")


def _line(bn):
    """Return scale and shift, (C,): in evaluation the norm is ``scale * x + shift``."""
    scale = torch.rsqrt(_wide(bn.running_var) + bn.eps)
    scale = scale if bn.weight is None else scale * _wide(bn.weight)
    shift = -scale * _wide(bn.running_mean)
    return scale, shift if bn.bias is None else shift + _wide(bn.bias)


def _wide(tensor):
    return tensor.detach().to("cpu", torch.float64)  # not every device has float64


def _by_group(layer):
    """Return the weight as (G, outputs, inputs, ``*kernel``), each of a group.

    Where the layer is transposed, inputs come before outputs.
    """
    groups = 1 if isinstance(layer, nn.Linear) else layer.groups
    return _wide(layer.weight).unflatten(0, (groups, -1))


def _along(vector, weight, axis):
    """Spread one number for each channel over the groups and this axis."""
    shape = [len(weight)] + [1] * (weight.dim() - 1)
    shape[axis] = -1
    return vector.reshape(shape)


def _renewed(layer, bn, weight, bias):
    """Return the layer with another weight, by groups, and another bias."""
    new = copy.deepcopy(layer)
    weight = torch.empty_like(layer.weight.detach()).copy_(weight.flatten(0, 1))
    bias = bias.to(weight.device, weight.dtype)
    new.weight = nn.Parameter(weight, _requires_grad(layer.weight, bn.weight))
    new.bias = nn.Parameter(bias, _requires_grad(layer.bias, bn.bias))
    return new


def _requires_grad(*parameters):
    return any(parameter is not None and parameter.requires_grad for parameter in parameters)
