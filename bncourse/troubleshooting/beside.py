"""A model beside its reference: where they differ, and what was folded."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import torch
from torch import nn

from bncourse.troubleshooting.norms import Norm
from bncourse.troubleshooting.outputs import Difference, differ
from bncourse.troubleshooting.patient import Patient

LINEAR = nn.Linear, nn.Conv1d, nn.Conv2d, nn.Conv3d
HALF = torch.float16, torch.bfloat16
EXACT = 0.01  # of the outputs' spread: beyond rounding in 32 bits
ROUNDED = 0.05  # the same in 16 bits
SAME = 1e-2  # of weights: equal but for rounding in 16 bits


@dataclass(frozen=True)
class Fold:
    """A linear layer of the reference with a norm behind, and what became of them in the model.

    Attributes
    ----------
    layer, kept : str
        the name of the layer in the model, and of the norm behind it, empty if there is none
    old, norm : str
        the names of both in the reference
    fuse : str
        the function of ``torch.nn.utils.fusion`` that folds such a pair
    only_scaled : bool
        whether the weights are those of the reference, each channel times a number
    scale : Tensor, (C,)
        those numbers
    wanted : Tensor, (C,)
        γ / sqrt(running variance + ε)
    bias_off : float
        how far the bias is from the one that folding gives, in units of γ; the median
    """

    layer: str
    kept: str
    old: str
    norm: str
    fuse: str
    only_scaled: bool
    scale: torch.Tensor
    wanted: torch.Tensor
    bias_off: float

    @property
    def folded(self) -> bool:
        """Whether anything was folded in: the weights are another multiple of what they were."""
        return self.only_scaled and not torch.allclose(
            self.scale, torch.ones_like(self.scale), atol=SAME
        )

    @property
    def scale_off(self) -> float:
        """How far the numbers are from those that folding gives, relative; the median."""
        return float((self.scale / self.wanted - 1).abs().median())


class Beside:
    """A model and its reference, in evaluation, on the same batches.

    Parameters
    ----------
    patient, reference : Patient
        both held
    batches : list
        at least one
    """

    def __init__(self, patient: Patient, reference: Patient, batches: Sequence[Any]) -> None:
        self._patient, self._reference, self._batches = patient, reference, batches

    @cached_property
    def difference(self) -> float:
        """How far the model's outputs are from the reference's, in units of their spread."""
        difference = Difference()
        for batch in self._batches:
            outputs = self._patient.run(batch)
            difference.add(outputs, self._reference.run(batch))
        return float("nan") if difference.value is None else difference.value

    @property
    def limit(self) -> float:
        """What rounding may do."""
        models = self._patient.model, self._reference.model
        rounded = any(p.dtype in HALF for model in models for p in model.parameters())
        return ROUNDED if rounded else EXACT

    @cached_property
    def _steps(self):
        found = []
        for patient in (self._patient, self._reference):
            torch.manual_seed(0)
            patient.run(self._batches[0], steps=True)
            found.append(patient.watch.steps)
        return found

    @cached_property
    def norms(self) -> list[tuple[Norm, Norm]]:
        """Pairs of norms, the model's and the reference's, in the order of their calls."""
        found = [
            list(dict.fromkeys(p.norms[s.name] for s in steps if s.name in p.norms))
            for p, steps in zip((self._patient, self._reference), self._steps, strict=True)
        ]
        fit = len(found[0]) == len(found[1])
        pairs = list(zip(*found, strict=True)) if fit else []
        return [(a, b) for a, b in pairs if _alike(a, b)]

    @cached_property
    def folds(self) -> list[Fold]:
        """The linear layers of the reference with a norm behind, each a `Fold`."""
        ours, theirs = (self._linear(k) for k in (0, 1))
        if [m.weight.shape for _, m in ours] != [m.weight.shape for _, m in theirs]:
            return []
        found = []
        for (step, layer), (old_step, old) in zip(ours, theirs, strict=True):
            norm = self._behind(1, old_step)
            if norm is not None and norm.tracks:
                kept = self._behind(0, step)
                names = step.name, "" if kept is None else kept.name, old_step.name, norm.name
                found.append(_fold(names, layer, old, norm))
        return found

    def _linear(self, which):
        patient, steps = (self._patient, self._reference)[which], self._steps[which]
        modules = [(step, patient.names[step.name]) for step in steps]
        return [(step, module) for step, module in modules if isinstance(module, LINEAR)]

    def _behind(self, which, step) -> Norm | None:
        """Return the norm that is given what a step made."""
        patient, steps = (self._patient, self._reference)[which], self._steps[which]
        for later in steps[steps.index(step) + 1 :]:
            if later.name in patient.norms and _equal(later.given, step.made):
                return patient.norms[later.name]
        return None

    @cached_property
    def first(self) -> str:
        """The first module that makes something else than its namesake of the same inputs."""
        ours, theirs = self._steps
        namesakes = {step.name: step for step in reversed(theirs)}
        for step in ours:
            other = namesakes.get(step.name)
            if other is not None and _given_alike(step, other) and _made_other(step, other):
                return step.name
        return ""


def _alike(one, other):
    return one.tracks and other.tracks and one.mean.shape == other.mean.shape


def _equal(given, made):
    """Say whether a module is given what another one made, and nothing else."""
    return len(given) == len(made) == 1 and torch.equal(given[0], made[0])


def _given_alike(step, other):
    return not differ(step.given, other.given, SAME)


def _made_other(step, other):
    return differ(step.made, other.made, SAME)


def _fold(names: tuple[str, str, str, str], layer, old, norm):
    """Return the `Fold` of a layer that was `old` before, with a norm behind."""
    fuse = "fuse_linear_bn_eval" if isinstance(old, nn.Linear) else "fuse_conv_bn_eval"
    new, before = (m.weight.detach().cpu().double().flatten(1) for m in (layer, old))
    scale = (new * before).sum(1) / before.square().sum(1).clamp_min(1e-300)
    rest = (new - scale[:, None] * before).norm(dim=1)
    std = (norm.var + norm.eps).sqrt()
    gamma, beta = _affine(norm, std)
    wanted = gamma / std
    bias = wanted * (_bias(old, std) - norm.mean) + beta
    off = (_bias(layer, std) - bias).abs() / gamma.abs().clamp_min(1e-12)
    only_scaled = bool((rest <= SAME * new.norm(dim=1) + 1e-12).all())
    return Fold(*names, fuse, only_scaled, scale, wanted, float(off.median()))


def _affine(norm, like):
    gamma = torch.ones_like(like) if norm.weight is None else norm.weight.detach().cpu().double()
    beta = torch.zeros_like(like) if norm.bias is None else norm.bias.detach().cpu().double()
    return gamma, beta


def _bias(layer, like):
    return torch.zeros_like(like) if layer.bias is None else layer.bias.detach().cpu().double()
