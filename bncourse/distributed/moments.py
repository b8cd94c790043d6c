"""The moments of a batch that is spread over many replicas, found with one sum each way.

A shard's own mean and squared deviations, found in two passes, are turned into three sums that can
be added: how many values, their sum, the sum of their squares. Taken at face value, the variance
would be the small difference of two large numbers, E[x²] - E[x]². So each sum is sent in two
pieces, a coarse and a fine one. The coarse pieces have few digits, and all sums and products of
them are exact: what cancels, cancels without a trace. The fine pieces are about as small as the
deviations. After one all-reduce of 2 C + 1 numbers in two pieces, the moments are those of two
passes over the whole batch, also where the mean is a million standard deviations; and what is sent
does not grow with the number of replicas, as it does if all shards' moments are gathered.
"""

from typing import Any

import torch

from bncourse.distributed.reducers import Reducer, total
from bncourse.nn.pools import Pools, squares_to, sum_to

_SPLIT = 2.0**41 + 1  # leaves 12 of 53 binary digits: their squares have 24, times a count of 2^28


def coarse(x: torch.Tensor) -> torch.Tensor:
    """Return the leading 12 binary digits of each number (Veltkamp's splitting; Dekker 1971)."""
    carried = x * _SPLIT
    return carried - (carried - x)


def message(
    count: int, mean: torch.Tensor, first: torch.Tensor, second: torch.Tensor
) -> torch.Tensor:
    """Return a shard's count, sum and sum of squares, each in a coarse and a fine piece.

    With the origin ``o = coarse(mean)``: ``sum x = n o + sum (x - o)`` and
    ``sum x² = n o² + (sum (x - o)² + 2 o sum (x - o))``, the coarse piece first.

    Parameters
    ----------
    count : int
        n, elements of the shard in each channel
    mean : Tensor, (C,), float64
        the shard's mean, which may be rounded; unit: x
    first, second : Tensor, (C,), float64
        the sums of ``x - mean`` and of its squares; units: x, x squared

    Returns
    -------
    Tensor, (2, 2 C + 1), float64
    """
    origin = coarse(mean)
    rest = mean - origin
    fine = first + count * rest
    squares = second + rest * (first + fine)
    number = mean.new_full((1,), count)
    return torch.stack(
        [
            torch.cat([number, count * origin, count * origin.square()]),
            torch.cat([0 * number, fine, squares + 2 * origin * fine]),
        ]
    )


def moments(message: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return count, mean and variance that the sum of all shards' messages stands for.

    The mean comes in two pieces, ``mean = origin + offset``.

    Parameters
    ----------
    message : Tensor, (2, 2 C + 1), float64
        the sum of what `message` returns

    Returns
    -------
    count : Tensor, (1,), float64
        elements in each channel
    origin, offset : Tensor, (C,), float64
        unit: x
    var : Tensor, (C,), float64
        the biased variance; unit: x squared
    """
    channels = message.shape[1] // 2
    coarse_row, fine_row = (row.split([1, channels, channels]) for row in message)
    (count, coarse_sum, coarse_squares), (_, fine_sum, fine_squares) = coarse_row, fine_row
    number = count.clamp(min=1)  # without any values: 0, and no 0 / 0
    origin = coarse(coarse_sum / number)
    # Sums of x - origin and of its squares. In each, what has only coarse terms is exact.
    first = (coarse_sum - count * origin) + fine_sum
    second = coarse_squares - origin * (2 * coarse_sum - count * origin)
    second = second + (fine_squares - 2 * origin * fine_sum)
    offset = first / number
    var = (second / number - offset.square()).clamp(min=0)
    return count, origin, offset, var


class Centre(torch.autograd.Function):
    """`centre` as one step of autograd."""

    @staticmethod
    def forward(
        x: torch.Tensor, reducer: Reducer, label: str
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
        """Return the deviations, the variance, the mean and the count, after one sum."""
        pools = _pools(x)
        own = pools.mean(x)
        deviation = x - own
        sums = own, sum_to(deviation, pools.shape), squares_to(deviation, pools.shape)
        own, first, second = (each.flatten().double() for each in sums)
        count = x.shape[:1].numel() * x.shape[2:].numel()
        sent = message(count, own, first, second)
        count, origin, offset, var = moments(reducer.sum(sent, f"{label}, forwards"))
        # From the shard's own mean to that of all: the large parts cancel first.
        deviation -= ((origin - own) + offset).view(pools.shape).to(x.dtype)
        mean = (origin + offset).view(pools.shape)
        return deviation, var.view(pools.shape).to(x.dtype), mean, count

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple, output: tuple[torch.Tensor, ...]) -> None:
        """Keep what the derivatives need: the deviations stand in for x."""
        _, ctx.reducer, ctx.label = inputs
        deviation, _, mean, count = output
        ctx.mark_non_differentiable(mean, count)
        ctx.save_for_backward(deviation, count)

    @staticmethod
    def backward(  # pyrefly: ignore[bad-override]
        ctx: Any, grad_deviation: torch.Tensor, grad_var: torch.Tensor, *_: Any
    ) -> tuple[torch.Tensor, None, None]:
        """Return dL/dx, after one sum of 2 C numbers.

        Means over the whole batch, ``grad_var`` summed over the replicas, each of which used the
        variance::

            dx = grad_deviation - mean(grad_deviation) + deviation * 2 / n * sum(grad_var)
        """
        deviation, count = ctx.saved_tensors
        shape = grad_var.shape
        sent = torch.cat([sum_to(grad_deviation, shape).flatten(), grad_var.flatten()])
        summed = total(sent, ctx.reducer, f"{ctx.label}, backwards")
        mean_grad, mean_var = (summed / count.clamp(min=1).to(sent.dtype)).view(2, *shape)
        dx = torch.addcmul(grad_deviation, deviation, mean_var, value=2)
        return dx.sub_(mean_grad), None, None


def centre(
    x: torch.Tensor, reducer: Reducer, label: str
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return the deviations of x from each channel's mean over all replicas, and their variance.

    ``deviation = x - mean(x)`` and ``var = mean(deviation**2)``, means over the samples and
    positions of all replicas' batches. The rest of batch norm is an affine map of the deviations.

    Parameters
    ----------
    x : Tensor, (N, C, ``*S``), float32 or float64
        this replica's shard, which may be empty; any unit
    reducer : Reducer
        who the replicas are
    label : str
        the name of the layer, for errors

    Returns
    -------
    deviation : Tensor, (N, C, ``*S``)
        differentiable any number of times; unit: x
    var : Tensor, (1, C, 1, ...)
        biased, the same at each replica, differentiable likewise; unit: x squared
    mean : Tensor, (1, C, 1, ...), float64
        the same at each replica; no gradient flows through it; unit: x
    count : Tensor, (1,), float64
        elements of the whole batch in each channel

    Raises
    ------
    PeerError
        A replica did not send its numbers in time.
    """
    return Centre.apply(x, reducer, label)


def _pools(x):
    return Pools.of(x.shape, (0, *range(2, x.dim())), centred=True)
