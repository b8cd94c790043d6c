"""Drop-in replacements for the normalization functions of ``torch.nn.functional``.

All five prepare their arguments for one kernel, `bncourse.nn.kernel.standardize`: they say which
axes are pooled, and spread ``weight`` and ``bias`` along the axes they belong to.

Signatures, results, gradients and types of exceptions are those of ``torch.nn.functional``. Known
differences:

- an empty batch leaves running statistics as they are (``torch``'s ``instance_norm`` makes them
  NaN);
- third derivatives, and reverse over forward mode, are right (``torch``'s ``batch_norm`` takes the
  batch statistics for constants there); forward over forward mode is not, as in ``torch``;
- inside ``torch.func.grad``, running statistics must be arguments of the function that is
  differentiated (as they must be for the modules of ``torch.nn``);
- running statistics may require a gradient, which evaluation mode then gives;
- ``torch.jit.script`` and ``torch.fx.symbolic_trace`` cannot read this code, ``torch.compile`` and
  ``torch.export`` can; ``torch.jit.trace`` can if ``normalized_shape`` and ``num_groups`` are given
  as numbers (it makes tensors of the sizes in ``x.shape``).
"""

import torch
from torch import Tensor

from bncourse.nn import checks
from bncourse.nn.around import computing_dtype, dense, spread_affine, update_running
from bncourse.nn.kernel import normalize, standardize


def batch_norm(
    input: Tensor,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    training: bool = False,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Tensor:
    """Normalize each channel over the samples and positions of the batch.

    ``y = weight * (x - mean) / sqrt(var + eps) + bias``. In training, mean and biased variance are
    those of the batch, and the running statistics move towards its mean and unbiased variance:
    ``running = (1 - momentum) * running + momentum * batch``. In evaluation, the running statistics
    take their place. Ioffe & Szegedy (2015), algorithms 1 and 2.

    Parameters
    ----------
    input : Tensor, (N, C, ``*S``)
        float64, float32, bfloat16 or float16; any unit
    running_mean, running_var : Tensor, (C,), or None
        updated in place in training; units: x, x squared
    weight, bias : Tensor, (C,), or None for 1 and 0
        unit: y
    training : bool
        whether to use the statistics of the batch
    momentum : float
        weight of the new batch in the running statistics
    eps : float
        added to the variance; unit: x squared

    Returns
    -------
    Tensor, (N, C, ``*S``)
        dtype of ``input``; channels-last in memory if ``input`` is; unit: y

    Raises
    ------
    TypeError
        An argument has the wrong type, or the dtypes do not go together.
    ValueError
        A shape does not fit; ``eps`` is not positive (in evaluation: is negative); or a channel
        has a single element in training.
    """
    if isinstance(input, torch.Tensor) and input.shape == (0,):
        return input.clone()  # torch allows this one tensor without channels
    checks.check_input(input, at_least=2)
    if training:
        checks.check_eps(eps, above=0)
        checks.check_pool(input, input.shape[:1] + input.shape[2:], "value per channel")
    else:
        checks.check_eps(eps, least=0)
    checks.check_running(running_mean, running_var, not training, "training=True")
    pooled = (0, *range(2, input.dim()))
    return _channel_norm(
        dense(input), pooled, running_mean, running_var, weight, bias, training, momentum, eps
    )


def instance_norm(
    input: Tensor,
    running_mean: Tensor | None = None,
    running_var: Tensor | None = None,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    use_input_stats: bool = True,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Tensor:
    """Normalize each channel of each sample over its positions.

    ``y = weight * (x - mean) / sqrt(var + eps) + bias``. The running statistics, if there are any,
    move towards the average over the samples of their means and unbiased variances.
    Ulyanov et al. (2016).

    Parameters
    ----------
    input : Tensor, (N, C, ``*S``)
        float64, float32, bfloat16 or float16; any unit
    running_mean, running_var : Tensor, (C,), or None
        updated in place if ``use_input_stats``, used if not; units: x, x squared
    weight, bias : Tensor, (C,), or None for 1 and 0
        unit: y
    use_input_stats : bool
        whether to use the statistics of the input
    momentum : float
        weight of the new batch in the running statistics
    eps : float
        added to the variance; unit: x squared

    Returns
    -------
    Tensor, (N, C, ``*S``)
        dtype of ``input``, contiguous; unit: y

    Raises
    ------
    TypeError
        An argument has the wrong type, or the dtypes do not go together.
    ValueError
        A shape does not fit, or a channel has a single position.
    """
    checks.check_input(input, at_least=2)
    checks.check_eps(eps)
    if use_input_stats:
        checks.check_pool(input, input.shape[2:], "spatial element")
    checks.check_running(running_mean, running_var, not use_input_stats, "use_input_stats=True")
    pooled = tuple(range(2, input.dim()))
    x = input.contiguous()
    return _channel_norm(
        x, pooled, running_mean, running_var, weight, bias, use_input_stats, momentum, eps
    )


def layer_norm(
    input: Tensor,
    normalized_shape: tuple[int, ...] | list[int],
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    eps: float = 1e-5,
) -> Tensor:
    """Normalize each sample over its trailing axes.

    ``y = weight * (x - mean) / sqrt(var + eps) + bias``. Ba et al. (2016).

    Parameters
    ----------
    input : Tensor, (N, ..., ``*D``)
        float64, float32, bfloat16 or float16; any unit
    normalized_shape : tuple of int
        ``D``, the sizes of the trailing axes
    weight, bias : Tensor, ``D``, or None for 1 and 0
        unit: y
    eps : float
        added to the variance; unit: x squared

    Returns
    -------
    Tensor, (N, ..., ``*D``)
        dtype of ``input``, contiguous; unit: y

    Raises
    ------
    TypeError
        An argument has the wrong type, or the dtypes do not go together.
    ValueError
        A shape does not fit.
    """
    checks.check_input(input)
    checks.check_normalized_shape(input, normalized_shape)
    checks.check_shape(normalized_shape, weight=weight, bias=bias)
    checks.check_dtypes(input, weight=weight, bias=bias)
    checks.check_eps(eps)
    return _trailing_norm(input.contiguous(), normalized_shape, weight, bias, eps, centred=True)


def rms_norm(
    input: Tensor,
    normalized_shape: tuple[int, ...] | list[int],
    weight: Tensor | None = None,
    eps: float | None = None,
) -> Tensor:
    """Divide each sample by the root mean square of its trailing axes.

    ``y = weight * x / sqrt(mean(x**2) + eps)``. Zhang & Sennrich (2019).

    Parameters
    ----------
    input : Tensor, (N, ..., ``*D``)
        float64, float32, bfloat16 or float16, or complex; any unit
    normalized_shape : tuple of int
        ``D``, the sizes of the trailing axes
    weight : Tensor, ``D``, or None for 1
        unit: y
    eps : float or None
        added to the mean square; None for the machine epsilon of the dtype that is computed in,
        float32 or wider; unit: x squared

    Returns
    -------
    Tensor, (N, ..., ``*D``)
        dtype of ``input``; channels-last in memory if ``input`` is; unit: y

    Raises
    ------
    TypeError
        An argument has the wrong type.
    ValueError
        A shape does not fit.
    """
    checks.check_input(input, allow_complex=True)
    checks.check_normalized_shape(input, normalized_shape)
    checks.check_shape(normalized_shape, weight=weight)
    eps = torch.finfo(computing_dtype(input)).eps if eps is None else eps
    checks.check_eps(eps)
    return _trailing_norm(dense(input), normalized_shape, weight, None, eps, centred=False)


def group_norm(
    input: Tensor,
    num_groups: int,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    eps: float = 1e-5,
) -> Tensor:
    """Normalize each sample over groups of channels and their positions.

    ``y = weight * (x - mean) / sqrt(var + eps) + bias``. Wu & He (2018).

    Parameters
    ----------
    input : Tensor, (N, C, ``*S``)
        float64, float32, bfloat16 or float16; any unit
    num_groups : int
        G, a divisor of C; a group is C / G neighbouring channels
    weight, bias : Tensor, (C,), or None for 1 and 0
        unit: y
    eps : float
        added to the variance; unit: x squared

    Returns
    -------
    Tensor, (N, C, ``*S``)
        dtype of ``input``; channels-last in memory if ``input`` is; unit: y

    Raises
    ------
    TypeError
        An argument has the wrong type, or the dtypes do not go together.
    ValueError
        A shape does not fit, ``num_groups`` does not divide C, or there is a single element in all.
    """
    checks.check_input(input, at_least=2)
    samples, channels, *positions = input.shape
    checks.check_groups(num_groups, channels)
    checks.check_shape((channels,), weight=weight, bias=bias)
    checks.check_dtypes(input, weight=weight, bias=bias)
    checks.check_eps(eps)
    group = channels // num_groups
    checks.check_pool(input, [samples * group, *positions], "value per channel")
    x = dense(input).unflatten(1, (num_groups, group))
    weight, bias = spread_affine(x, weight, bias, (1, num_groups, group, *[1] * len(positions)))
    y, _, _ = standardize(x, weight, bias, range(2, x.dim()), eps)
    return y.flatten(1, 2)


def _channel_norm(input, pooled, running_mean, running_var, weight, bias, use_batch, momentum, eps):
    """Batch norm or instance norm, depending on the axes that are ``pooled``."""
    channels = input.shape[1]
    given = dict(running_mean=running_mean, running_var=running_var, weight=weight, bias=bias)
    checks.check_numel(channels, **given)
    checks.check_dtypes(input, **given)
    checks.check_real("momentum", momentum)
    shape = (1, channels, *[1] * (input.dim() - 2))
    weight, bias = spread_affine(input, weight, bias, shape)
    if use_batch:
        y, mean, var = standardize(input, weight, bias, pooled, eps)
        if running_mean is not None and input.numel() > 0:
            count = input.numel() // mean.numel()
            update_running(running_mean, running_var, mean, var, count, momentum)
        return y
    mean, var = (running.reshape(shape).to(weight) for running in (running_mean, running_var))
    return normalize(input.to(weight.dtype) - mean, var, weight, bias, eps).to(input.dtype)


def _trailing_norm(input, sizes, weight, bias, eps, centred):
    """Layer norm or, not ``centred``, RMS norm."""
    first = input.dim() - len(sizes)
    weight, bias = spread_affine(input, weight, bias, (*[1] * first, *sizes))
    y, _, _ = standardize(input, weight, bias, range(first, input.dim()), eps, centred)
    return y
