"""Batch norm whose batch is that of all processes, as a layer."""

import torch
import torch.distributed as dist
from torch.types import Device

from bncourse.distributed.moments import centre
from bncourse.distributed.reducers import Reducer, reducer_of
from bncourse.nn import checks
from bncourse.nn.around import computing_dtype, dense, spread_affine, update_running
from bncourse.nn.batch import BatchNorm
from bncourse.nn.kernel import normalize


class SyncBatchNorm(BatchNorm):
    """Normalize each channel over the batches of all processes, as if they were one.

    ``y = weight * (x - mean) / sqrt(var + eps) + bias``, in training mode with the moments of the
    whole batch, towards which the running statistics of every process move alike. A step takes one
    all-reduce of 2 C + 1 numbers forwards, each in two pieces, and one of 2 C backwards; shards may
    differ in size, and be empty. In evaluation mode, or without other processes, it is plain batch
    norm. Ioffe & Szegedy (2015); over many processes: Peng et al. (2018),
    https://arxiv.org/abs/1711.07240.

    A drop-in for ``torch.nn.SyncBatchNorm``: the same arguments, ``state_dict``, results and types
    of exceptions. What differs:

    - it also takes tensors on the CPU (gloo), which torch's refuses;
    - it can be differentiated any number of times, torch's once
      (``derivative for batch_norm_backward_elemt is not implemented``);
    - torch's gathers the moments of all K shards, K (2 C + 1) numbers to each process;
    - a single value a channel in the whole group is an error, as in plain batch norm.

    As with torch's, the gradients of ``weight`` and ``bias`` are those of the own shard, for
    ``DistributedDataParallel`` to average. All processes must call the layer equally often.

    Parameters
    ----------
    num_features : int
        C, the number of channels
    eps : float
        added to the variance; unit: x squared
    momentum : float or None
        weight of the new batch in the running statistics; None for their cumulative average
    affine : bool
        whether there is a ``weight``
    track_running_stats : bool
        whether there are running statistics; without them, evaluation mode uses the batch of the
        process alone
    process_group : ProcessGroup, Reducer or None
        who shares the batch; None for all processes
    device, dtype : optional
        of parameters and running statistics
    bias : bool
        whether there is a ``bias`` beside the ``weight``

    Attributes
    ----------
    label : str
        the name of the layer in errors; `convert_sync_batchnorm` sets it

    Raises
    ------
    ValueError
        The input has fewer than two axes or no channels, or the whole group has one value a
        channel.
    PeerError
        Another process did not take part.
    """

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
        process_group: dist.ProcessGroup | Reducer | None = None,
        device: Device = None,
        dtype: torch.dtype | None = None,
        *,
        bias: bool = True,
    ) -> None:
        super().__init__(
            num_features, eps, momentum, affine, track_running_stats, device, dtype, bias=bias
        )
        self.process_group = process_group
        self.label = f"SyncBatchNorm({num_features})"

    def forward(self, input: torch.Tensor) -> torch.Tensor:
        """Normalize ``input``, with statistics that the mode decides; see `SyncBatchNorm`."""
        reducer = reducer_of(self.process_group) if self.training else None
        if reducer is None:
            return super().forward(input)
        self._check(input)
        x = dense(input).to(computing_dtype(input))
        deviation, var, mean, count = centre(x, reducer, self.label)
        weight, bias = spread_affine(x, self.weight, self.bias, var.shape)
        y = normalize(deviation, var, weight, bias, self.eps)
        if self._any_values(count, input):
            self._track(mean, var, count)
        if self._counts():
            self.num_batches_tracked.add_(1)  # pyrefly: ignore[missing-attribute]
        return y.to(input.dtype)

    def _track(self, mean, var, count):
        """Move the running statistics, if there are any, towards those of the whole batch."""
        if self.track_running_stats and self.running_mean is not None:
            rate = self._weight_of_batch()
            update_running(self.running_mean, self.running_var, mean, var, count, rate)  # pyrefly: ignore[bad-argument-type]

    def _check(self, input):
        """Raise for what can be seen before the others are asked."""
        self._check_input_dim(input)
        checks.check_input(input, at_least=2)
        given = dict(running_mean=self.running_mean, running_var=self.running_var)
        given |= dict(weight=self.weight, bias=self.bias)
        checks.check_numel(input.shape[1], **given)
        checks.check_dtypes(input, **given)
        checks.check_eps(self.eps, above=0)

    def _any_values(self, count, input):
        """Return whether any shard holds values; raise if all together hold one a channel."""
        if input.numel() > input.shape[1]:
            return True  # known without a look at the count, for which a GPU would have to wait
        if count == 1:
            raise ValueError(
                "Expected more than 1 value per channel when training, got one in all processes "
                f"together, here input size {tuple(input.shape)}: a single number is its own mean; "
                "use more samples or positions, or evaluation mode"
            )
        return bool(count > 0)

    def _check_input_dim(self, input):
        if input.dim() < 2:
            raise ValueError(
                f"expected at least 2D input (got {input.dim()}D input of shape "
                f"{tuple(input.shape)}): add the missing axes with input.unsqueeze"
            )
        if input.shape[1] == 0:
            raise ValueError(
                "SyncBatchNorm number of input channels should be non-zero, got input of shape "
                f"{tuple(input.shape)}: the second axis holds the channels"
            )
