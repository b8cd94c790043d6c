"""Batch normalization as a layer: one mean and variance a channel, running statistics to infer."""

from torch import Tensor

from bncourse.nn.channel import ChannelNorm
from bncourse.nn.functional import batch_norm


class BatchNorm(ChannelNorm):
    """Batch normalization for any number of spatial axes; see `BatchNorm1d`."""

    def forward(self, input: Tensor) -> Tensor:
        """Normalize ``input``, with statistics that the mode decides; see `BatchNorm1d`."""
        self._check_input_dim(input)
        tracked = self.track_running_stats or not self.training
        y = batch_norm(
            input,
            self.running_mean if tracked else None,
            self.running_var if tracked else None,
            self.weight,
            self.bias,
            self.training or (self.running_mean is None and self.running_var is None),
            self._weight_of_batch() if self.training else 0.0,
            self.eps,
        )
        # After the statistics: a checkpoint that computes y again stops between the two or at none.
        if self.training and self._counts():
            self.num_batches_tracked.add_(1)  # pyrefly: ignore[missing-attribute]
        return y

    def _counts(self):
        return self.track_running_stats and self.num_batches_tracked is not None

    def _weight_of_batch(self):
        """Return the weight of the next batch in the running statistics."""
        if self.momentum is not None:
            return self.momentum
        return 1.0 / (float(self.num_batches_tracked) + 1) if self._counts() else 0.0  # pyrefly: ignore[bad-argument-type]


class BatchNorm1d(BatchNorm):
    """Normalize each channel of vectors or sequences over the batch.

    ``y = weight * (x - mean) / sqrt(var + eps) + bias``. In training mode, mean and biased variance
    are those of the batch, and the running statistics move towards its mean and unbiased variance:
    ``running = (1 - momentum) * running + momentum * batch``. In evaluation mode, the running
    statistics take their place. Ioffe & Szegedy (2015), https://arxiv.org/abs/1502.03167.

    A drop-in for ``torch.nn.BatchNorm1d``: the same arguments, ``state_dict``, results and types of
    exceptions. Code that asks for instances of torch's class does not recognize it:
    ``torch.optim.swa_utils.update_bn`` and ``SyncBatchNorm.convert_sync_batchnorm`` pass it by
    without a word. `bncourse.nn.functional` lists what else differs.

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
        whether there are running statistics; without them, evaluation mode uses the batch, too
    device, dtype : optional
        of parameters and running statistics
    bias : bool
        whether there is a ``bias`` beside the ``weight``

    Attributes
    ----------
    weight, bias : Parameter, (C,), or None
        start at 1 and 0; unit: y
    running_mean, running_var : Tensor, (C,), or None
        start at 0 and 1; units: x, x squared
    num_batches_tracked : Tensor, int64, or None
        batches seen in training mode
    """

    _input_dims = (2, 3)


class BatchNorm2d(BatchNorm):
    """Normalize each channel of images ``(N, C, H, W)`` over the batch; see `BatchNorm1d`."""

    _input_dims = (4,)


class BatchNorm3d(BatchNorm):
    """Normalize each channel of volumes ``(N, C, D, H, W)`` over the batch; see `BatchNorm1d`."""

    _input_dims = (5,)
