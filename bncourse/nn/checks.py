"""Errors that name the argument, show the value and say what to do.

For a shape that does not fit, PyTorch raises now ``RuntimeError``, now ``ValueError``; for a dtype
``NotImplementedError`` or ``RuntimeError``. The two classes below are both, and what Python calls
such errors, so that code written against either catches them.
"""

import math
from collections.abc import Sequence
from numbers import Integral, Real

import torch
from torch import Tensor

_HALF = (torch.float16, torch.bfloat16)
_REAL = (*_HALF, torch.float32, torch.float64)
_COMPLEX = (torch.complex64, torch.complex128)


class InputError(RuntimeError, ValueError):
    """A tensor or a size that does not fit the others."""


class DtypeError(NotImplementedError, TypeError):
    """A dtype that cannot be normalized, or does not go with the others."""


def check_input(input: object, at_least: int = 1, allow_complex: bool = False) -> None:
    """Raise unless ``input`` is a floating-point tensor with at least so many axes."""
    if not isinstance(input, torch.Tensor):
        raise TypeError(
            f"input must be a torch.Tensor, got {type(input).__name__}: pass torch.as_tensor(input)"
        )
    if input.dtype not in _REAL + _COMPLEX * allow_complex:
        raise DtypeError(f"input must be floating point, got {input.dtype}: pass input.float()")
    if input.dim() < at_least:
        raise InputError(
            f"input must have at least {at_least} axes, got shape {tuple(input.shape)}: "
            "add the missing ones with input.unsqueeze"
        )


def check_dtypes(input: Tensor, **tensors: Tensor | None) -> None:
    """Raise unless all have the dtype of ``input``, or are float32 beside an input of 16 bits."""
    dtypes = {name: tensor.dtype for name, tensor in tensors.items() if tensor is not None}
    common = set(dtypes.values())
    if common <= {input.dtype} or (input.dtype in _HALF and common == {torch.float32}):
        return
    found = ", ".join(f"{name} {dtype}" for name, dtype in dtypes.items())
    raise DtypeError(
        f"input is {input.dtype}, but {found}: convert one, for instance with "
        "module.to(input.dtype); only float16 and bfloat16 may be mixed, with float32"
    )


def check_numel(size: int, **tensors: Tensor | None) -> None:
    """Raise unless each tensor that is given holds one number for each of ``size`` channels."""
    for name, tensor in tensors.items():
        if tensor is not None and tensor.numel() != size:
            raise InputError(
                f"{name} should contain {size} elements, one for each channel of input "
                f"(input.size(1)), not {tensor.numel()}: change one or the other"
            )


def check_shape(shape: Sequence[int], **tensors: Tensor | None) -> None:
    """Raise unless each tensor that is given has exactly this shape."""
    for name, tensor in tensors.items():
        if tensor is not None and tuple(tensor.shape) != tuple(shape):
            raise InputError(
                f"{name} must have shape {tuple(shape)}, got {tuple(tensor.shape)}: "
                "change one or the other"
            )


def check_running(
    running_mean: Tensor | None, running_var: Tensor | None, needed: bool, otherwise: str
) -> None:
    """Raise unless both running statistics are given, or neither and they are not needed."""
    given = [running is not None for running in (running_mean, running_var)]
    if any(given) != all(given) or (needed and not any(given)):
        raise InputError(
            f"running_mean and running_var must both be tensors, got "
            f"{'a tensor' if given[0] else None} and {'a tensor' if given[1] else None}: "
            f"pass both, or neither together with {otherwise}"
        )


def check_pool(input: Tensor, sizes: Sequence[int], element: str) -> None:
    """Raise if these are the sizes of a pool of a single element, whose variance is 0."""
    if math.prod(sizes) == 1:
        raise ValueError(
            f"Expected more than 1 {element} when training, got input size {tuple(input.shape)}: "
            "a single number is its own mean; use more samples or positions, or evaluation mode"
        )


def check_eps(eps: float, above: float | None = None, least: float | None = None) -> None:
    """Raise unless ``eps`` is a real number, greater than ``above`` and not less than ``least``."""
    check_real("eps", eps)
    if (above is not None and eps <= above) or (least is not None and eps < least):
        bound = f"greater than {above}" if above is not None else f"at least {least}"
        raise ValueError(f"eps must be {bound}, got {eps}: the default is 1e-5")


def check_real(name: str, value: object) -> None:
    """Raise unless ``value`` is a real number."""
    if not isinstance(value, Real):
        raise TypeError(f"{name} must be a real number, got {value!r}: pass a float")


def check_whole(name: str, value: object) -> None:
    """Raise unless ``value`` is a whole number, which may be the size of a dynamic axis."""
    if not isinstance(value, Integral | torch.SymInt) or isinstance(value, bool):
        raise TypeError(f"{name} must be an int, got {value!r}: pass a whole number")


def check_size(name: str, value: int) -> None:
    """Raise unless ``value`` is a whole number, zero or more."""
    check_whole(name, value)
    if value < 0:
        raise InputError(f"{name} must not be negative, got {value}: pass a size")


def check_groups(num_groups: int, num_channels: int) -> None:
    """Raise unless ``num_groups`` is positive and divides ``num_channels``."""
    check_whole("num_groups", num_groups)
    if num_groups <= 0 or num_channels % num_groups:
        raise InputError(
            f"num_groups ({num_groups}) must be positive and num_channels ({num_channels}) "
            "divisible by it: choose a divisor of the number of channels"
        )


def check_normalized_shape(input: Tensor, normalized_shape: Sequence[int]) -> None:
    """Raise unless ``normalized_shape`` is the end of the shape of ``input``."""
    if not isinstance(normalized_shape, tuple | list):
        raise TypeError(
            f"normalized_shape must be a tuple of ints, got {normalized_shape!r}: "
            "pass (size,) for the last axis alone"
        )
    for size in normalized_shape:
        check_size("normalized_shape", size)
    axes = len(normalized_shape)
    if axes == 0 or tuple(input.shape[-axes:]) != tuple(normalized_shape):
        raise InputError(
            f"normalized_shape must be the last sizes of input, got {tuple(normalized_shape)} for "
            f"input of shape {tuple(input.shape)}: change one or the other"
        )
