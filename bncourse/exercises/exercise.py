"""What an exercise is: a right answer with switches, and inputs on which they all differ."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import numpy as np


@dataclass(frozen=True, eq=False)  # told apart by identity: arrays cannot be keys
class Probe:
    """One input on which an answer is tried.

    Attributes
    ----------
    name : str
        the key of its description, under ``[probes]`` in the texts of the exercise
    args : tuple
        what the answer is called with; each call gets copies
    tolerance : float, optional
        the largest error that is still right, in units of the largest expected number;
        that of the exercise where it is None
    rounding : str, optional
        the id of a mistake that shows here alone, as rounding errors that nobody can reproduce
        (a difference of two large numbers, say); diagnosis looks at such a probe last
    """

    name: str
    args: tuple = ()
    tolerance: float | None = None
    rounding: str | None = None


def call(answer, *args):
    """Return what the answer, a function, gives for `args`."""
    return answer(*args)


@dataclass(frozen=True, eq=False)
class Exercise:
    """A right answer with switches, and the probes that tell their settings apart.

    Attributes
    ----------
    make : callable
        ``make(**switches)`` returns an answer, as a learner would hand it in; without switches
        it is right
    probes : tuple of Probe
        from small to large: the first that fails is shown
    outputs : tuple of str
        names of what is observed, in order
    observe : callable
        ``observe(answer, *args)`` returns the outputs: a single one, a tuple in the order of
        `outputs`, or a dict
    arguments : tuple of str
        names of what a probe holds
    wants : str
        "array" (NumPy), "tensor" (PyTorch) or "number" (numbers, or sequences of them)
    tolerance : float
        see `Probe`
    properties : tuple of (str, callable)
        what must be true of right outputs: ``holds(outputs, arguments)``, asked in order when no
        setting of the switches explains an answer; the str is the key of its sentences
    seconds : float
        how long one check may take
    """

    make: Callable
    probes: tuple[Probe, ...]
    outputs: tuple[str, ...]
    observe: Callable = call
    arguments: tuple[str, ...] = ()
    wants: str = "array"
    tolerance: float = 1e-7
    properties: tuple[tuple[str, Callable], ...] = field(default=())
    seconds: float = 5.0

    def tolerance_of(self, probe):
        """Return the largest error that is still right for `probe`."""
        return self.tolerance if probe.tolerance is None else probe.tolerance


def function_exercise(reference, probes, outputs, **fields):
    """Return the exercise to write a function; the keyword-only parameters are the switches."""
    parameters = inspect.signature(reference).parameters.values()
    arguments = tuple(p.name for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD)
    return Exercise(
        make=lambda **switches: partial(reference, **switches),
        probes=tuple(probes),
        outputs=outputs,
        arguments=arguments,
        **fields,
    )


def number_exercise(reference, outputs, **fields):
    """Return the exercise to find numbers; the parameters of `reference` are the switches."""
    return Exercise(
        make=reference,
        probes=(Probe("number"),),
        outputs=outputs,
        observe=lambda answer: answer,
        wants="number",
        **{"tolerance": 0.01, **fields},
    )


def copies(args):
    """Return `args` with arrays and tensors copied, so that no call can spoil the next."""
    return tuple(_copy(value) for value in args)


def _copy(value):
    if isinstance(value, np.ndarray):
        return value.copy(order="K")
    if isinstance(value, tuple | list):
        return type(value)(_copy(item) for item in value)
    if isinstance(value, dict):
        return {key: _copy(item) for key, item in value.items()}
    return value.clone() if hasattr(value, "clone") else value
