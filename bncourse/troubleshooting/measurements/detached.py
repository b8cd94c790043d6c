"""A norm of one's own through whose statistics no gradient flows."""

from collections.abc import Iterator

import torch

from bncourse.troubleshooting.examination import Examination
from bncourse.troubleshooting.measured import Measured, above
from bncourse.troubleshooting.norms import obeys
from bncourse.troubleshooting.patient import SingleValueError


def measure(exam: Examination) -> Iterator[Measured]:
    """Return which share of its gradient a norm lets pass that it should take off.

    A shift of a whole pool changes no output, and so the gradient of its inputs must add up to
    nothing; nor may it have a part along the inputs.
    """
    for norm in exam.training.norms:
        if norm.module is not None and not obeys(norm.module) and exam.training.uses_batch(norm):
            x = _given(exam, norm)
            if x is not None:
                yield above(norm.name, _left(norm.module, x), 0.05)


def _given(exam, norm):
    """Return what the first batch brings to a norm in training."""
    try:
        exam.patient.run(exam.batches[0], training=True, dropout=False, steps=True)
    except SingleValueError:
        return None
    return next(s.given[0] for s in exam.patient.watch.steps if s.name == norm.name)


def _left(module, x):
    """Return the larger share of the gradient that lies along 1 and along x, in a pool."""
    with torch.enable_grad():
        x = x.detach().requires_grad_()
        y = module.train()(x)
        centred = x.detach() - x.detach().mean((0, *range(2, x.dim())), keepdim=True)
        # With a part along 1 and a part along x, so that it shows if they are not taken off.
        upstream = torch.ones_like(y) + torch.sign(centred) + 0.5 * torch.randn_like(y)
        (grad,) = torch.autograd.grad(y, x, upstream)
    pools, along = (part.transpose(0, 1).flatten(1).double() for part in (grad, centred))
    size = pools.norm(dim=1)
    shift = pools.sum(1).abs() / (size * pools.shape[1] ** 0.5)
    scale = (pools * along).sum(1).abs() / (size * along.norm(dim=1))
    return float(torch.maximum(shift, scale).nan_to_num(0).median())
