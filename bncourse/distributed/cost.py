"""What synchronized batch norm costs a step, on paper: rounds of messages, and bytes.

A message of m bytes takes ``latency + m / bandwidth`` (Hockney 1994); an all-reduce is a schedule
of such messages. Thakur, Rabenseifner & Gropp (2005), "Optimization of collective communication
operations in MPICH", compare the schedules.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from torch import nn
from torch.nn.modules.batchnorm import _BatchNorm

from bncourse.nn.batch import BatchNorm

PIECES, DOUBLE, SINGLE = 2, 8, 4  # forwards two pieces in float64, backwards float32


@dataclass(frozen=True)
class Cost:
    """What the norms of a network cost each device in one training step.

    Parameters
    ----------
    all_reduces : int
        two a layer; the network stands still at each, for the next layer needs its result, while
        those of gradients run beside the backward pass
    rounds : int
        messages that must follow one another
    bytes : float
        in these messages together
    seconds : float
        ``rounds * latency + bytes / bandwidth``
    latency_share : float
        the part of the time that is latency
    """

    all_reduces: int
    rounds: int
    bytes: float
    seconds: float
    latency_share: float


def ring(size: int, devices: int) -> tuple[int, float]:
    """Return rounds and bytes of an all-reduce around a ring: a K-th part in each message.

    ``2 (K - 1)`` rounds, in which each device sends ``2 (K - 1) / K`` of its numbers: few bytes,
    many rounds.

    Parameters
    ----------
    size : int
        what is added up; unit: byte
    devices : int
        K

    Returns
    -------
    rounds : int
    bytes : float
    """
    rounds = 2 * (devices - 1)
    return rounds, rounds * size / devices


def tree(size: int, devices: int) -> tuple[int, float]:
    """Return rounds and bytes of an all-reduce up a binomial tree and down again, all in a message.

    ``2 ceil(log2(K))`` rounds: few rounds, many bytes.

    Parameters
    ----------
    size : int
        what is added up; unit: byte
    devices : int
        K

    Returns
    -------
    rounds : int
    bytes : float
        along the longest way
    """
    rounds = 2 * (devices - 1).bit_length()
    return rounds, rounds * size


def step_cost(
    channels: Iterable[int],
    devices: int,
    schedule: Callable[[int, int], tuple[int, float]] = ring,
    latency: float = 5e-6,
    bandwidth: float = 25e9,
) -> Cost:
    """Return what synchronized norms cost a training step: one all-reduce each way and layer.

    Forwards 2 C + 1 numbers are added up, in two pieces of eight bytes, backwards 2 C of four.

    Parameters
    ----------
    channels : iterable of int
        C of each layer, as `norm_channels` and `resnet_channels` find it
    devices : int
        K
    schedule : callable
        `ring` or `tree`
    latency : float
        of a message; unit: s
    bandwidth : float
        of a device's link; unit: byte / s

    Returns
    -------
    Cost

    Raises
    ------
    ValueError
        ``devices`` is not positive.
    """
    if devices < 1:
        raise ValueError(f"devices must be at least 1, got {devices}: a single one sends nothing")
    sizes = []
    for count in channels:
        sizes += [PIECES * DOUBLE * (2 * count + 1), SINGLE * 2 * count]
    schedules = [schedule(size, devices) for size in sizes]
    rounds, sent = (sum(parts) for parts in zip(*schedules, strict=True)) if sizes else (0, 0.0)
    waiting = rounds * latency
    seconds = waiting + sent / bandwidth
    return Cost(len(sizes), rounds, sent, seconds, waiting / seconds if seconds else 0.0)


def norm_channels(network: nn.Module) -> list[int]:
    """Return C of each batch norm of a network, torch's or ours, in its order.

    Parameters
    ----------
    network : Module

    Returns
    -------
    list of int
    """
    return [m.num_features for m in network.modules() if isinstance(m, BatchNorm | _BatchNorm)]


def resnet_channels(
    blocks: Iterable[int] = (3, 4, 6, 3), width: int = 64, expansion: int = 4
) -> list[int]:
    """Return C of each batch norm of a residual network with bottlenecks; the default: ResNet-50.

    He et al. (2016), table 1: one norm after the first convolution; three in a block, of w, w and
    ``expansion`` w channels, w doubled from stage to stage; and one more on the shortcut of the
    first block of a stage.

    Parameters
    ----------
    blocks : sequence of int
        how many in each stage; (3, 4, 23, 3) for ResNet-101
    width : int
        channels of the first convolution, and w of the first stage
    expansion : int
        how much wider a block ends

    Returns
    -------
    list of int
    """
    channels = [width]
    for stage, count in enumerate(blocks):
        inner = width * 2**stage
        block = [inner, inner, expansion * inner]
        channels += block + [expansion * inner] + block * (count - 1)
    return channels
