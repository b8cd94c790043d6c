"""A module for batch norm with switches: parameters, buffers, and two modes."""

import torch
from torch import nn

from bncourse.exercises.tasks.lab_no_grad import AFFINE, CONSTANT, SPREADS
from bncourse.exercises.tasks.running_statistics import DIVISORS, RULES

PARAMETERS = ("gamma", "beta")
STATISTICS = ("running_mean", "running_var")
COUNT = "num_batches_tracked"
EVERYTHING = (*PARAMETERS, *STATISTICS, COUNT)

# How a value is kept by a module: as parameters and buffers are, and otherwise.
KEPT = {
    "parameter": lambda layer, name, value: layer.register_parameter(name, nn.Parameter(value)),
    "frozen-parameter": lambda layer, name, value: layer.register_parameter(
        name, nn.Parameter(value, requires_grad=False)
    ),
    "buffer": lambda layer, name, value: layer.register_buffer(name, value),
    "not-saved": lambda layer, name, value: layer.register_buffer(name, value, persistent=False),
    "attribute": lambda layer, name, value: setattr(layer, name, value),
    "not-at-all": lambda layer, name, value: None,
}
# When something is done, from the mode of the layer.
WHEN = {
    "training": lambda layer: layer.training,
    "evaluation": lambda layer: not layer.training,
    "always": lambda layer: True,
    "never": lambda layer: False,
    "with-gradient": lambda layer: torch.is_grad_enabled(),
}
# What is used in evaluation, from the running statistics, those of the batch, and N.
USED = {
    "running": lambda running, batch, n: running,
    "batch-mean": lambda running, batch, n: (batch[0], running[1]),
    "batch-variance": lambda running, batch, n: (running[0], batch[1]),
    "bessel-again": lambda running, batch, n: (running[0], running[1] * n / (n - 1)),
}


class SwitchedBatchNorm(nn.Module):
    """Batch norm; the class attributes are the switches."""

    parameters_kept = "parameter"
    statistics_kept = "buffer"
    count_kept = "buffer"
    var_start = 1.0
    fixed_momentum = fixed_eps = None
    axis = 0
    ddof = 0
    spread = "root"
    affine = "both"
    constant = "nothing"
    batch_used = "training"
    used_in_evaluation = "running"
    updated = "training"
    updated_late = True
    counted = "training"
    counts = "batches"
    weight = "momentum"
    divisor = "unbiased"
    stored = "variance"
    rule = "average"
    graph_kept = False

    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__()
        self.eps = self.fixed_eps or eps
        self.momentum = self.fixed_momentum or momentum
        values = (1.0, 0.0, 0.0, self.var_start)
        kinds = [self.parameters_kept] * 2 + [self.statistics_kept] * 2
        for name, kind, value in zip(EVERYTHING, kinds, values, strict=False):
            KEPT[kind](self, name, torch.full((num_features,), value))
        KEPT[self.count_kept](self, COUNT, torch.tensor(0))

    def forward(self, x):
        """Return batch norm of `x`, (N, C), and update what is kept."""
        mean, var = x.mean(self.axis), x.var(self.axis, correction=self.ddof)
        if not self.updated_late:
            self._update(x)
        if not WHEN[self.batch_used](self):
            running = self.running_mean.clone(), self.running_var.clone()
            mean, var = USED[self.used_in_evaluation](running, (mean, var), len(x))
        mean, var = (
            value.detach() if name in CONSTANT[self.constant] else value
            for name, value in (("mean", mean), ("var", var))
        )
        x_hat = (x - mean) / SPREADS[self.spread](var, self.eps)
        y = AFFINE[self.affine](x_hat, self.gamma, self.beta)
        if self.updated_late:
            self._update(x)
        return y.detach() if self.constant == "output" else y

    def _update(self, x):
        if WHEN[self.updated](self):
            x = x if self.graph_kept else x.detach()
            mean = x.mean(self.axis)
            count = x.numel() // mean.numel()
            var = x.var(self.axis, correction=0) * count / DIVISORS[self.divisor](count)
            self._store("running_mean", mean)
            if self.stored != "mean":
                self._store("running_var", var.sqrt() if self.stored == "deviation" else var)
        if WHEN[self.counted](self) and self.count_kept != "not-at-all":
            self.num_batches_tracked += 1 if self.counts == "batches" else len(x)

    def _store(self, name, value):
        kept = getattr(self, name)
        by_count = self.weight == "count"
        rate = 1 / (self.num_batches_tracked + 1) if by_count else self.momentum
        new = RULES[self.rule](kept, value, rate)
        if self.graph_kept:
            setattr(self, name, new)
        else:
            kept.data.copy_(new.detach())
