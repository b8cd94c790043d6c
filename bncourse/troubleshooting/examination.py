"""One look at a model: what it meets and makes of it, in both states and on both loaders."""

from collections.abc import Callable, Iterable
from functools import cached_property
from itertools import islice
from typing import Any

import torch
from torch import nn

from bncourse.troubleshooting.beside import Beside
from bncourse.troubleshooting.company import Company, company
from bncourse.troubleshooting.fit import Fit
from bncourse.troubleshooting.moments import Moments, moments
from bncourse.troubleshooting.nested import samples, tensors
from bncourse.troubleshooting.norms import Norm
from bncourse.troubleshooting.outputs import Difference, spread_over_samples
from bncourse.troubleshooting.patient import Patient, SingleValueError, targets_of
from bncourse.troubleshooting.record import Record

KEPT = 4  # batches that later measurements may send through again


class Examination:
    """What is measured, each thing once; the measurements ask it.

    Parameters
    ----------
    patient : Patient
        held
    training_loader, evaluation_loader : iterable of batches
        the second one may be None
    loss : callable or None
        ``loss(outputs, targets)``
    reference : Patient or None
        held; it should give the same outputs
    evaluate : callable or None
        ``evaluate(model)`` is the reader's own evaluation
    most : int
        batches of each loader that are used

    Attributes
    ----------
    evaluation, training, quiet, other : Record
        what the norms met: in evaluation, in training, in training without dropout; in evaluation
        on the evaluation loader
    given, given_other : list of Moments
        what the model itself was given, batch by batch, from both loaders
    difference : Difference
        between the outputs in evaluation and in training (without dropout), for the same batches
    losses : dict of str to list of (float, int)
        of each batch, and how many samples it has: "training", "evaluation", "other"
    batches : list
        the first few
    refused : int
        batches that a norm refused in training, for want of a second value
    seen, seen_other : int
        how many batches of each loader were sent through
    not_finite : list of (batch, bool)
        the batches whose outputs are not all finite, and the state: True for training; the first
        of each
    spread : float or None
        how much the outputs in evaluation differ from sample to sample, in units of their size
    """

    patient: Patient
    reference: Patient | None
    evaluate: Callable[[nn.Module], object] | None
    evaluation: Record
    training: Record
    quiet: Record
    other: Record
    given: list[Moments]
    given_other: list[Moments]
    difference: Difference
    losses: dict[str, list[tuple[float, int]]]
    batches: list[Any]
    refused: int
    spread: float | None
    not_finite: list[tuple[Any, bool]]
    dropouts_in_evaluation: list[str]
    seen: int
    seen_other: int

    def __init__(
        self,
        patient: Patient,
        training_loader: Iterable[Any],
        evaluation_loader: Iterable[Any] | None,
        loss: Callable[[Any, Any], torch.Tensor | float] | None,
        reference: Patient | None,
        evaluate: Callable[[nn.Module], object] | None,
        most: int,
    ) -> None:
        self.patient, self.reference, self.evaluate = patient, reference, evaluate
        self._loss = loss
        self.evaluation, self.training, self.quiet, self.other = (Record() for _ in range(4))
        self.given, self.given_other = [], []
        self.difference = Difference()
        self.losses = {"training": [], "evaluation": [], "other": []}
        self.batches, self.refused, self.spread = [], 0, None
        self.not_finite = []
        self.dropouts_in_evaluation = []
        self.seen = self.seen_other = 0
        for batch in islice(training_loader, most):
            self._see(batch)
            self.seen += 1
        for batch in islice(() if evaluation_loader is None else evaluation_loader, most):
            self._see_other(batch)
            self.seen_other += 1

    def _see(self, batch):
        """Send one batch of the training loader through, in both states."""
        if len(self.batches) < KEPT:
            self.batches.append(batch)
        self._note_given(self.given, batch)
        watch = self.patient.watch
        evaluated = self.patient.run(batch)
        self.evaluation.add(watch.calls)
        self.dropouts_in_evaluation += watch.dropouts
        self._note_loss("evaluation", evaluated, batch)
        if self.spread is None:
            self.spread = spread_over_samples(evaluated)
        try:
            trained = self._train(batch)
        except SingleValueError:
            self.refused += 1
            self.training.add(watch.calls)
            self._note_finite(batch, evaluated)
            return
        self._note_finite(batch, evaluated, trained)
        self.difference.add(evaluated, trained)
        self._note_loss("training", trained, batch)

    def _train(self, batch):
        """Return the outputs in training without dropout; note what norms meet with and without."""
        watch = self.patient.watch
        outputs = self.patient.run(batch, training=True, dropout=False)
        self.quiet.add(watch.calls)
        if watch.dropouts:
            self.patient.run(batch, training=True)
        self.training.add(watch.calls)
        return outputs

    def _see_other(self, batch):
        self._note_given(self.given_other, batch)
        outputs = self.patient.run(batch)
        self.other.add(self.patient.watch.calls)
        self._note_loss("other", outputs, batch)

    def _note_given(self, where, batch):
        found = tensors(batch)
        if found and found[0].dim() > 1:
            where.append(moments(found[0]))

    def _note_finite(self, batch, *outputs):
        """Note a batch whose outputs, in evaluation or in training, are not all finite."""
        known = {training for _, training in self.not_finite}
        for training, made in enumerate(outputs):
            bad = any(not y.isfinite().all() for y in tensors(made))
            if bad and bool(training) not in known:
                self.not_finite.append((batch, bool(training)))

    def _note_loss(self, name, outputs, batch):
        if self._loss is not None:
            with torch.no_grad():
                value = torch.as_tensor(self._loss(outputs, self.patient.moved(targets_of(batch))))
            self.losses[name].append((value.item(), samples(batch) or 1))

    def loss(self, name: str) -> float | None:
        """Return the mean loss over the samples, or None."""
        found = self.losses[name]
        if not found:
            return None
        return sum(value * count for value, count in found) / sum(count for _, count in found)

    @cached_property
    def company(self) -> Company | None:
        """What the company of a sample changes in evaluation, or None."""
        return company(self.patient, self.batches, training=False)

    @cached_property
    def company_in_training(self) -> Company | None:
        """What the company of a sample changes in training, or None."""
        try:
            return company(self.patient, self.batches, training=True)
        except SingleValueError:
            return None

    @cached_property
    def fits(self) -> dict[Norm, Fit]:
        """Of each norm with running statistics, how they fit what it meets: `Fit` by `Norm`.

        What it meets is taken from passes in training mode, in which each norm is given what it
        should be given, whatever the running statistics before it are; but without dropout, as in
        evaluation. A norm that rests in training is no part of it.
        """
        return {
            norm: Fit.of(self.quiet, norm)
            for norm in self.quiet.norms
            if norm.tracks and self.quiet.uses_batch(norm) and self.quiet.batches(norm)
        }

    @cached_property
    def beside(self) -> Beside:
        """The model beside its reference."""
        return Beside(self.patient, self.reference, self.batches)  # pyrefly: ignore[bad-argument-type]
