"""Does the answer for a sample depend on the samples beside it?"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch

from bncourse.troubleshooting.nested import chosen, joined, samples
from bncourse.troubleshooting.outputs import change_of_rows, differ, of_rows
from bncourse.troubleshooting.patient import Patient


@dataclass(frozen=True)
class Company:
    """What became of the first half of a batch when the other half was exchanged.

    Attributes
    ----------
    change : float
        of their outputs, in units of the outputs' spread from sample to sample
    culprits : tuple of str
        the modules that were given the same for these samples and made something else of it
    """

    change: float
    culprits: tuple[str, ...]


def company(patient: Patient, batches: Sequence[Any], training: bool) -> Company | None:
    """Exchange the second half of a batch for copies of its first sample, and see what changes.

    Parameters
    ----------
    patient : Patient
        held
    batches : list
        at least one batch; of batches of a single sample, two are put together
    training : bool
        the state in which it is tried; dropout is off

    Returns
    -------
    Company, or None where a batch cannot be taken apart
    """
    alone = samples(batches[0]) == 1 and len(batches) > 1
    batch = joined(*batches[:2]) if alone else batches[0]
    count = samples(batch)
    if count is None or count < 2:
        return None
    half = count // 2
    rows = [*range(half), *[0] * (count - half)]
    other = chosen(batch, rows)
    (one, steps), (two, others) = (_steps(patient, b, training) for b in (batch, other))
    change = change_of_rows(two, one, half, count)
    return None if change is None else Company(change, _culprits(steps, others, half, count))


def _steps(patient, batch, training):
    torch.manual_seed(0)
    outputs = patient.run(batch, training, dropout=False, steps=True)
    return outputs, patient.watch.steps


def _culprits(steps, others, half, count):
    """Return the names of the modules that made different things of the same rows."""
    found = []
    for one, two in zip(steps, others, strict=False):
        rows = [of_rows(part, half, count) for part in (one.given, two.given, one.made, two.made)]
        if all(rows) and not differ(*rows[:2]) and differ(*rows[2:]):  # pyrefly: ignore[bad-argument-type]
            found.append(one.name)
    return tuple(name for name in dict.fromkeys(found) if not _holds_another(name, found))


def _holds_another(name, found):
    """Say whether a module is named only because a part of it is."""
    return any(part != name and part.startswith(f"{name}." if name else "") for part in found)
