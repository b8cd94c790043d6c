"""A module for batch norm with switches: parameters, buffers, and two modes."""

import torch
from torch import nn

from bncourse.exercises.materials.averaging import DIVISORS, RULES
from bncourse.exercises.materials.standardizing import AFFINE as AFFINE_OF_ARRAYS
from bncourse.exercises.materials.stopping_gradients import AFFINE, CONSTANT, SPREADS

AFFINE = {**AFFINE_OF_ARRAYS, **AFFINE}

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
# The weight of the new batch, from the momentum and the number of batches before.
WEIGHTS = {
    "momentum": lambda momentum, seen: momentum,
    "count": lambda momentum, seen: 1 / (seen + 1),
    "first-whole": lambda momentum, seen: momentum if seen else 1.0,
}
# What is used in a mode, from the running statistics, those of the batch, and N.
USED = {
    "batch": lambda running, batch, n: batch,
    "running": lambda running, batch, n: running,
    "batch-mean": lambda running, batch, n: (batch[0], running[1]),
    "batch-variance": lambda running, batch, n: (running[0], batch[1]),
    "bessel-again": lambda running, batch, n: (running[0], running[1] * n / (n - 1)),
    "bessel-undone": lambda running, batch, n: (running[0], running[1] * (n - 1) / n),
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
    affine_in_evaluation = None
    constant = "nothing"
    batch_used = "training"
    used = "batch"
    used_in_evaluation = "running"
    beside = ()
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
        self.own = {name: getattr(self, name).clone() for name in self.beside}

    def forward(self, x):
        """Return batch norm of `x`, (N, C), and update what is kept."""
        mean, var = x.mean(self.axis), x.var(self.axis, correction=self.ddof)
        if not self.updated_late:
            self._update(x)
        running = self.running_mean.clone(), self.running_var.clone()
        used = self.used if WHEN[self.batch_used](self) else self.used_in_evaluation
        mean, var = USED[used](running, (mean, var), len(x))
        mean, var = (
            value.detach() if name in CONSTANT[self.constant] else value
            for name, value in (("mean", mean), ("var", var))
        )
        x_hat = (x - mean) / SPREADS[self.spread](var, self.eps)
        affine = self.affine if self.training else self.affine_in_evaluation or self.affine
        y = AFFINE[affine](x_hat, self.gamma, self.beta)
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
                value = var.sqrt() if self.stored == "deviation" else var
                self._store("running_var", value, 0.5 if self.stored == "deviations" else 1)
        if WHEN[self.counted](self) and self.count_kept != "not-at-all":
            step = {"batches": 1, "samples": len(x), "twice": 2}[self.counts]
            self.own[COUNT] = self._last(COUNT) + step
            self.num_batches_tracked.copy_(self.own[COUNT])

    def _last(self, name):
        """Return what was stored last, from the buffer or from what is kept beside it."""
        return self.own[name] if name in self.beside else getattr(self, name)

    def _store(self, name, value, power=1):
        kept = getattr(self, name)
        rate = self.momentum
        if self.weight != "momentum":
            rate = WEIGHTS[self.weight](rate, self.num_batches_tracked)
        new = RULES[self.rule](self._last(name) ** power, value**power, rate) ** (1 / power)
        self.own[name] = new
        if self.graph_kept:
            setattr(self, name, new)
        else:
            kept.data.copy_(new.detach())
