"""What surrounds the kernel: dtype and layout, the shape of γ and β, the running statistics."""

from collections.abc import Sequence

import torch
from torch import Tensor

from bncourse.nn.pools import sum_to


def computing_dtype(x: Tensor) -> torch.dtype:
    """Return the dtype in which x is summed: float32, if its own has 16 bits."""
    return torch.promote_types(x.dtype, torch.float32)


def spread_affine(
    x: Tensor, weight: Tensor | None, bias: Tensor | None, shape: Sequence[int]
) -> tuple[Tensor, Tensor]:
    """Return weight and bias in the dtype that is computed in and this shape; None is 1 and 0."""
    like = {"dtype": computing_dtype(x), "device": x.device}
    bias = torch.zeros([1] * x.dim(), **like) if bias is None else bias.reshape(shape).to(**like)
    # The kernel lets the bias vary only where the weight does.
    weight = torch.ones(bias.shape, **like) if weight is None else weight.reshape(shape).to(**like)
    return weight, bias


@torch.no_grad()
def update_running(
    running_mean: Tensor,
    running_var: Tensor,
    mean: Tensor,
    var: Tensor,
    count: int | Tensor,
    momentum: float,
) -> None:
    """Move running statistics towards the average over the samples, with the unbiased variance."""
    bessel = count / (count - 1)
    for running, batch, factor in ((running_mean, mean, 1), (running_var, var, bessel)):
        batch = batch.detach()  # no_grad leaves the tangents of forward mode
        average = sum_to(batch, [1, *batch.shape[1:]]) * (factor / batch.shape[0])
        running.copy_(running.to(average.dtype).lerp(average.view_as(running), momentum))


def dense(x: Tensor) -> Tensor:
    """Return x in the layout that torch would return, contiguous or channels-last."""
    if x.dim() in (4, 5) and x.stride(1) < x.stride(-1):
        return x.movedim(1, -1).contiguous().movedim(-1, 1)
    return x.contiguous()
