"""Train one stack and record what happens."""

import time
from collections import defaultdict
from contextlib import contextmanager

import numpy as np
import torch
import xarray as xr


class Recorder:
    """What is recorded of a stack while it is trained, by time.

    Parameters
    ----------
    members : tuple of int
        arms and seeds
    """

    def __init__(self, members):
        self.members = members
        self.rows = defaultdict(list)
        self.seconds = 0.0

    def add(self, axis, time, found):
        """Note a dict of tensors, (E,) or (E, layers), at a time on an axis."""
        row = {name: values.detach().cpu() for name, values in found.items()}
        self.rows[axis].append((time, row))  # at one stroke, whenever the keyboard interrupts

    def dataset(self):
        """Return all that was noted, as labelled arrays over (config, seed, time, layer)."""
        data = xr.Dataset(
            {
                name: _labelled(axis, [(time, row[name]) for time, row in rows], self.members)
                for axis, rows in self.rows.items()
                for name in rows[0][1]
            }
        )
        each = np.full(self.members, self.seconds / np.prod(self.members))
        diverged = ~np.isfinite(data["train_loss"]).all("step")
        data = data.assign(seconds=(("config", "seed"), each), diverged=diverged.astype(float))
        return data.squeeze("end", drop=True) if "end" in data.dims else data


def train(stack, epochs, probes, every, test, report):
    """Train ``stack`` and return what was recorded, also when the keyboard interrupts.

    Parameters
    ----------
    stack : Stack
        trained in place
    epochs : int
        passes through the training split
    probes : sequence of callable
        each takes the network, inputs and labels, and returns a dict of tensors (E,) or
        (E, layers)
    every : int
        steps between two calls of the probes; they are called once more after the last step
    test : bool
        score the test split after the last step
    report : callable
        is called after each epoch

    Returns
    -------
    xarray.Dataset
        over (config, seed, ...); what was not reached is not there
    interrupted : bool
        by the keyboard
    """
    recorder = Recorder(stack.members)
    with _fast_arithmetic():
        try:
            for _ in _epochs(stack, epochs, probes, every, recorder):
                report()
            if test:
                recorder.add("end", 0, stack.score("test"))
        except KeyboardInterrupt:
            if not recorder.rows["step"]:
                raise
            return recorder.dataset(), True
    return recorder.dataset(), False


def _epochs(stack, epochs, probes, every, recorder):
    """Train, and yield after each epoch."""
    step = 0
    recorder.add("epoch", 0, stack.score("validation"))
    for epoch in range(1, epochs + 1):
        for x, y in stack.batches():
            if step % every == 0:
                _probe(stack, probes, x, y, step, recorder)
            start = time.perf_counter()
            losses = stack.step(x, y).cpu()  # waits until a GPU is done
            recorder.seconds += time.perf_counter() - start
            recorder.add("step", step, {"train_loss": losses})
            step += 1
        recorder.add("epoch", epoch, stack.score("validation"))
        yield
    _probe(stack, probes, x, y, step, recorder)


def _probe(stack, probes, x, y, step, recorder):
    if probes:
        found = [probe(stack.network, x, y) for probe in probes]
        recorder.add("probed", step, {name: v for values in found for name, v in values.items()})


def _labelled(axis, rows, members):
    """Return an array over (config, seed, time, layer) of times and tensors (E,), (E, layers)."""
    times, tensors = zip(*rows, strict=True)
    values = torch.stack(tensors, 1).double().numpy()
    values = values.reshape(*members, *values.shape[1:])
    coords = {axis: list(times)}
    if values.ndim == 4:
        coords["layer"] = range(1, values.shape[3] + 1)
    return xr.DataArray(values, coords, ["config", "seed", axis, "layer"][: values.ndim])


@contextmanager
def _fast_arithmetic():
    """Let PyTorch use one thread, and take numbers below the normal range for 0.

    One thread is fastest for small layers, and gives the same bits on every run. Gradients that
    vanish end in numbers such as 1e-40, for which processors need many times as long.
    """
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    try:
        yield
    finally:
        torch.set_flush_denormal(False)  # as it is unless somebody asks; there is no way to ask
        torch.set_num_threads(before)
