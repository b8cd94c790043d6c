"""A module of one's own that makes other things of the same inputs in the two modes."""

from collections.abc import Iterator

import torch

from bncourse.troubleshooting.examination import Examination
from bncourse.troubleshooting.fit import QUARTER
from bncourse.troubleshooting.measured import Measured, above
from bncourse.troubleshooting.nested import samples
from bncourse.troubleshooting.outputs import Difference, differ
from bncourse.troubleshooting.patient import SingleValueError


def measure(exam: Examination) -> Iterator[Measured]:
    """Return how far what a module makes in evaluation is from what it makes in training.

    Norms that are known have questions of their own, and what is left to chance in training is
    left out. A handmade norm whose statistics fit differs by the noise of a batch; twice of that,
    for n samples 2 sqrt(1.5 / n), is allowed.
    """
    known = {norm.name.partition(": ")[0] for norm in exam.evaluation.norms}
    batch = exam.batches[0]
    limit = max(QUARTER, 2 * (1.5 / (samples(batch) or 1)) ** 0.5)
    for name, value in _apart(exam, batch).items():
        if name not in known:
            kind = type(exam.patient.names[name]).__name__
            yield above(name, value, limit, kind=kind)


def _apart(exam, batch):
    """Return how far apart both modes are, for each innermost module that is given the same."""
    evaluated, trained, again = (_steps(exam, batch, *state) for state in STATES)
    found = {}
    for one, two, three in zip(evaluated, trained, again, strict=False):
        alike = one.name == two.name and not differ(one.given, two.given)
        if alike and not differ(two.made, three.made):
            apart = Difference()
            apart.add(one.made, two.made)
            inside = any(name.startswith(f"{one.name}.") for name in found if one.name)
            if apart.value and one.name and not inside:
                found[one.name] = apart.value
    return found


STATES = (False, 0), (True, 0), (True, 1)  # whether it is training, and the seed


def _steps(exam, batch, training, seed):
    torch.manual_seed(seed)
    try:
        exam.patient.run(batch, training, dropout=False, steps=True)
    except SingleValueError:
        return []
    return exam.patient.watch.steps
