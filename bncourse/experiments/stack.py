"""One stack: the networks, data and optimizer of all members that are trained at once."""

from collections.abc import Iterable
from copy import deepcopy
from itertools import chain, islice, repeat
from numbers import Integral

import torch
from torch import Tensor
from torch.nn import functional as F

from bncourse.experiments.base import BaseStack
from bncourse.experiments.initial import drawn, initialize
from bncourse.experiments.network import Network, input_shape
from bncourse.experiments.optim import optimizer
from bncourse.experiments.running import average, fill_in_order
from bncourse.scratch.arguments import require_count


class Stack(BaseStack):
    """Dense or convolutional networks that tell classes apart, a member for every arm and seed.

    Arms are paired: members of the same seed start with the same weights and see the same batches.
    Parameters, attributes and errors are those of `bncourse.experiments.base.BaseStack`, for
    configurations that are `bncourse.evidence.Config`.
    """

    network: Network

    def _networks(self, configs, seeds):
        self.shape = input_shape(configs[0], self.data.features)
        return Network(configs, seeds, self.shape, self.data.classes)

    def _initialize(self, configs, seeds):
        initialize(self.network, configs, seeds)

    def _drawn(self):
        return drawn(self.network)

    def _optimizer(self, configs, seeds):
        return optimizer(self.network, configs, seeds)

    def inputs(self, x: Tensor) -> Tensor:
        """Return features (N, E, C) of the data as the network takes them, ``(N, E, C, *S)``."""
        return x.unflatten(2, self.shape)

    def losses(self, outputs: Tensor, y: Tensor) -> Tensor:
        """Return the cross-entropy of each sample, (E, N), for logits (N, E, classes)."""
        return _losses(outputs, y)

    def hits(self, outputs: Tensor, y: Tensor) -> Tensor:
        """Return whether the class is found, for each sample, (E, N)."""
        return (outputs.argmax(2) == y).T

    def reestimate(
        self, batches: int | Iterable[Tensor | tuple[Tensor, Tensor]] | None = None
    ) -> None:
        """Compute the running statistics of all batch norms anew, for the weights as they are.

        Without `batches`, they become exact: mean and unbiased variance over the whole training
        split as one batch, in forward order, so that each norm sees what evaluation will give the
        layers below it. With `batches`, they become the average of what training finds in these
        batches (or their ghost batches), each counted alike ("precise batch norm": Wu & Johnson
        2021, section 3). Dropout and noise are off. Neither weights, the momentum of the norms nor
        the batches of the next epoch change, and nothing does where there is no batch norm.

        Parameters
        ----------
        batches : int, or iterable, or None
            how many batches to take as the next epochs would, or the batches themselves: inputs
            ``(N, E, C, *S)``, or pairs of inputs and labels as from ``Stack.batches``

        Raises
        ------
        TypeError, ValueError
            ``batches`` is no such thing, or there are none.
        """
        if batches is None:
            fill_in_order(self.network, torch.cat([x for x, _ in self.pieces("train")]))
        else:
            average(self.network, self._inputs_of(batches))

    def _inputs_of(self, batches):
        """Return the inputs of the batches that are asked for."""
        if isinstance(batches, Integral):
            require_count("batches", batches)
            batches = self._next_batches(batches)
        elif not isinstance(batches, Iterable) or isinstance(batches, torch.Tensor):
            raise TypeError(
                "batches must be None, a number of batches, or a list of batches, "
                f"got {type(batches).__name__}: write [x] for one batch x"
            )
        inputs = [batch if isinstance(batch, torch.Tensor) else batch[0] for batch in batches]
        if not inputs:
            raise ValueError("batches must hold at least one batch, got none: pass a longer list")
        return inputs

    def _next_batches(self, count):
        """Return the first batches of the next epochs, which will see them once more."""
        orders = deepcopy(self.data.orders)
        epochs = (self.batches() for _ in repeat(None))
        try:
            return list(islice(chain.from_iterable(epochs), count))
        finally:
            self.data.orders = orders


def member_losses(logits: Tensor, labels: Tensor) -> Tensor:
    """Return the mean cross-entropy of each member, (E,), for logits (N, E, classes).

    Their sum is what is differentiated: no member's gradient feels another member.
    """
    return _losses(logits, labels).mean(1)


def _losses(logits, labels):
    by_class = logits.permute(1, 2, 0).contiguous()  # a sum over 10 neighbours would be slow
    return F.cross_entropy(by_class, labels.T, reduction="none")
