"""Train one stack and record what happens."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from bncourse.experiments.base import BaseStack

FIRST = 5  # steps whose losses are always kept: before rounding has grown


@dataclass(frozen=True)
class Record:
    """What is recorded while a stack is trained.

    Attributes
    ----------
    probes : tuple of callable
        each takes the network, inputs and labels, and returns a dict of tensors (E, ...)
    every : int or tuple of int
        steps between two calls of the probes, which are called once more after the last step; or
        the numbers of the steps before which they are called, the number of all steps included
    after : tuple of callable
        each takes the trained stack, and returns a dict of tensors (E, ...)
    step : callable or None
        takes the stack, inputs and labels, makes a step, and returns the losses (E,) before it, or
        a dict of tensors (E, ...) with these as ``train_loss``
    test, losses : bool
        score the test split after the last step; keep the losses of every step
    """

    probes: tuple = ()
    every: int | tuple = 10
    after: tuple = ()
    step: object = None
    test: bool = False
    losses: bool = False

    def looks_at(self, step: int, last: int) -> bool:
        """Return whether the probes look before this step, or after the last one."""
        if not self.probes:
            return False
        if isinstance(self.every, int):
            return step == last or step % self.every == 0
        return step in self.every


@dataclass
class Recorder:
    """What was recorded of a stack so far, by the time along which it was.

    Attributes
    ----------
    members : tuple of int
        arms and seeds
    rows : dict of str to list of (int, dict of str to Tensor)
        for each time, the numbers at which something was noted, and what
    """

    members: tuple
    rows: dict = field(default_factory=lambda: defaultdict(list))

    def add(self, time: str, number: int, found: Mapping[str, Tensor]) -> None:
        """Note a dict of tensors, (E,) or (E, ...), at a number on a time; "" is no time."""
        row = {name: values.detach().cpu() for name, values in found.items()}
        self.rows[time].append((number, row))  # at one stroke, whenever the keyboard interrupts

    def arrays(self) -> tuple[dict[str, np.ndarray], dict[str, list[int]], dict[str, str]]:
        """Return all that was noted, (arms, seeds, time, ...), the times, and which has which."""
        arrays, axes, times = {}, {}, {}
        for time, rows in self.rows.items():
            if time:
                times[time] = [number for number, _ in rows]
            for name in {name: None for _, row in rows for name in row}:
                found = [row[name] for _, row in rows if name in row]
                values = torch.stack(found, 1) if time else found[-1]
                arrays[name] = values.numpy().reshape(*self.members, *values.shape[1:])
                axes |= {name: time} if time else {}
        return arrays, times, axes


def train(
    stack: BaseStack, epochs: int, record: Record, report: Callable[[], object]
) -> tuple[dict[str, np.ndarray], dict[str, list[int]], dict[str, str], bool]:
    """Train ``stack`` and return what was recorded, also when the keyboard interrupts.

    Parameters
    ----------
    stack : BaseStack
        trained in place
    epochs : int
        passes through the training split
    record : Record
        what is recorded
    report : callable
        is called after each epoch

    Returns
    -------
    arrays : dict of str to ndarray
        (arms, seeds, ...); what was not reached is not there
    times, axes : dict
        as in ``History``
    interrupted : bool
        by the keyboard
    """
    recorder, interrupted = Recorder(stack.members), False
    with _fast_arithmetic():
        try:
            for _ in _epochs(stack, epochs, record, recorder):
                report()
            if record.test:
                recorder.add("", 0, stack.score("test"))
            for measure in record.after:
                recorder.add("", 0, measure(stack))
        except KeyboardInterrupt:
            if not recorder.rows["step"]:
                raise
            interrupted = True
    arrays, times, axes = recorder.arrays()
    losses = arrays["train_loss"]
    arrays["diverged"] = ~np.isfinite(losses).all(2)  # pyrefly: ignore[unsupported-operation]
    arrays["first_losses"] = losses[..., :FIRST]
    arrays["epoch_loss"] = _by_epoch(losses, stack.data.steps_per_epoch)
    if not record.losses:
        del arrays["train_loss"], axes["train_loss"]
    return arrays, times, axes, interrupted


def _epochs(stack, epochs, record, recorder):
    """Train, and yield after each epoch."""
    number, last = 0, epochs * stack.data.steps_per_epoch
    recorder.add("epoch", 0, stack.score("validation"))
    for epoch in range(1, epochs + 1):
        for x, y in stack.batches():
            _probe(stack, record, x, y, number, last, recorder)
            found = record.step(stack, x, y) if record.step else stack.step(x, y)
            found = found if isinstance(found, Mapping) else {"train_loss": found}
            recorder.add("step", number, found)
            number += 1
        recorder.add("epoch", epoch, stack.score("validation"))
        yield
    _probe(stack, record, x, y, last, last, recorder)  # pyrefly: ignore[unbound-name]


def _probe(stack, record, x, y, step, last, recorder):
    if record.looks_at(step, last):
        found = [probe(stack.network, x, y) for probe in record.probes]
        recorder.add("probed", step, {name: v for values in found for name, v in values.items()})


def _by_epoch(losses, steps):
    """Return the mean loss of each complete epoch, (arms, seeds, epochs), as precise as losses."""
    complete = losses[..., : losses.shape[2] // steps * steps]
    means = complete.reshape(*losses.shape[:2], -1, steps).mean(3, dtype=np.float64)
    return means.astype(losses.dtype)


@contextmanager
def _fast_arithmetic():
    """Let PyTorch use one thread, and take numbers below the normal range for 0.

    One thread is fastest for small layers, and gives the same bits on every run. Gradients that
    vanish end in numbers such as 1e-40, for which processors need many times as long.
    """
    threads, flushed = torch.get_num_threads(), _flushes()
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    try:
        yield
    finally:
        torch.set_flush_denormal(flushed)
        torch.set_num_threads(threads)


def _flushes():
    """Return whether numbers below the normal range are taken for 0: there is no way to ask."""
    smallest = torch.tensor(torch.finfo(torch.float32).tiny)
    return bool(smallest / 2 == 0)
