"""Parts of a sweep: what is trained as one stack, and how the parts become one history."""

import shutil
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import joblib
import numpy as np

from bncourse.evidence.history import History
from bncourse.evidence.question import Question
from bncourse.evidence.settings import Settings
from bncourse.evidence.store import folder, shortened
from bncourse.experiments.variation import Variation

MEMBERS = 256  # a larger stack gains little speed and costs memory


@dataclass(frozen=True)
class Chunk:
    """Some of the configurations (with their numbers) and seeds, trained as one stack."""

    numbers: tuple
    configs: tuple
    seeds: tuple

    def __len__(self) -> int:
        """Return the number of members."""
        return len(self.configs) * len(self.seeds)

    def stack(self, seeds: Sequence[int], **options: Any) -> Any:
        """Return the members of these configurations with some seeds, ready to be trained."""
        module, name = self.configs[0].stack.split(":")
        return getattr(import_module(module), name)(self.configs, seeds, **options)


def chunks(
    configs: Sequence[Settings], seeds: Sequence[int], members: int = MEMBERS, processes: int = 1
) -> list[Chunk]:
    """Cut the sweep: configurations that share a shape together, at most ``members`` at once.

    There is work for every process, if there are as many members.
    """
    members = min(members, max(1, len(configs) * len(seeds) // processes))
    shapes = defaultdict(list)
    for number, config in enumerate(configs):
        shapes[config.stackable()].append(number)
    found = []
    for numbers in shapes.values():
        for arms in _pieces(numbers, members):
            for some in _pieces(seeds, max(1, members // len(arms))):
                found.append(Chunk(tuple(arms), tuple(configs[n] for n in arms), tuple(some)))
    return found


def _pieces(items, size):
    return [items[start : start + size] for start in range(0, len(items), size)]


@dataclass(frozen=True)
class Part:
    """What a chunk gave: see ``training.train``."""

    chunk: Chunk
    arrays: dict
    times: dict
    axes: dict
    interrupted: bool


@dataclass(frozen=True, eq=False)
class Parts:
    """Finished parts of an answer, kept as files until all are there.

    An interrupted computation goes on from them.
    """

    question: Question

    @property
    def folder(self) -> Path:
        """Where they are: a folder of its own for each question and code."""
        return folder() / "parts" / f"{self.question.key}-{self.question.code}"

    def _path(self, chunk):
        return self.folder / f"{joblib.hash((chunk.numbers, chunk.seeds))}.joblib"

    def load(self, chunk: Chunk) -> Part | None:
        """Return what was kept of a chunk, or None."""
        path = self._path(chunk)
        return Part(chunk, *joblib.load(path)) if path.exists() else None

    def save(self, chunk: Chunk, part: Part) -> None:
        """Keep what a chunk gave."""
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self._path(chunk)
        joblib.dump((part.arrays, part.times, part.axes, False), path.with_suffix(".part"))
        path.with_suffix(".part").rename(path)

    def remove(self) -> None:
        """Remove all that was kept."""
        shutil.rmtree(self.folder, ignore_errors=True)


@dataclass(frozen=True, eq=False)
class Training:
    """How chunks become parts, in this process or in another one.

    Attributes
    ----------
    question : Question
        says what is recorded
    variation : Variation
        of rounding and seeds
    device : str
        where to compute
    parts : Parts or None
        where parts are kept that are finished
    steps : int or None
        after about so many, at the end of an epoch, training is ended
    """

    question: Question
    variation: Variation
    device: str
    parts: Parts | None = None
    steps: int | None = None

    def part(self, chunk: Chunk, update: Callable[[int], object] | None = None) -> Part:
        """Train a chunk, or fetch what was kept of it; ``update`` is told of finished epochs."""
        kept = self.parts and self.parts.load(chunk)
        if kept:
            if update:
                update(chunk.configs[0].epochs * len(chunk))
            return kept
        part = self._train(chunk, update)
        if self.parts and not part.interrupted:
            self.parts.save(chunk, part)
        return part

    def _train(self, chunk, update):
        from bncourse.experiments.training import Record, train

        options = dict(self.question.options)
        place = {"device": self.device, "dtype": options.pop("dtype", "float32")}
        jitter = self.variation.of(options.pop("jitter", 0))
        seeds = [seed + self.variation.seeds for seed in chunk.seeds]
        stack = chunk.stack(seeds, **place, jitter=jitter)
        report = (lambda: update(len(chunk))) if update else (lambda: None)
        epochs = chunk.configs[0].epochs
        if self.steps:
            epochs = max(1, min(epochs, self.steps // stack.data.steps_per_epoch))
        whole = epochs == chunk.configs[0].epochs
        arrays, times, axes, interrupted = train(stack, epochs, Record(**options), report)
        return Part(chunk, arrays, times, axes, interrupted or not whole)


def merged(parts: Sequence[Part], question: Question, interrupted: bool = False) -> History:
    """Return one history of all parts; what is missing is nan, or false."""
    times, axes, arrays, steps = {}, {}, {}, {}
    for part in parts:
        axes |= part.axes
        steps |= dict.fromkeys(part.chunk.numbers, part.times["step"][-1] + 1)
        for time, numbers in part.times.items():
            times[time] = sorted({*times.get(time, ()), *numbers})
    members = len(question.configs), len(question.seeds)
    for part in parts:
        arms = list(part.chunk.numbers)
        seeds = [question.seeds.index(seed) for seed in part.chunk.seeds]
        for name, found in part.arrays.items():
            place = [arms, seeds]
            if name in axes:
                numbers = part.times[axes[name]]
                place.append([times[axes[name]].index(number) for number in numbers])
            shape = (*members, *([len(times[axes[name]])] if name in axes else []))
            rest = found.shape[len(shape) :]
            if name not in arrays:
                arrays[name] = _nothing((*shape, *rest), found.dtype)
            arrays[name] = _grown(arrays[name], (*shape, *rest))
            index = np.ix_(*place, *map(range, rest))
            arrays[name][index] = found
    arrays = {name: shortened(array) for name, array in arrays.items()}
    arrays = {n: a.astype(float) if a.dtype == np.float32 else a for n, a in arrays.items()}
    interrupted = interrupted or any(part.interrupted for part in parts)
    if "step" not in axes.values():
        times.pop("step", None)
    steps = [steps.get(number, 0) for number in range(members[0])]
    return History(question.configs, question.seeds, arrays, times, axes, steps, interrupted)


def _nothing(shape, dtype):
    return np.full(shape, np.nan if dtype.kind == "f" else 0, dtype)


def _grown(array, shape):
    """Return the array with the axes of layers at least as long as in ``shape``."""
    longer = [max(0, new - old) for old, new in zip(array.shape, shape, strict=True)]
    if not any(longer):
        return array
    larger = _nothing([o + n for o, n in zip(array.shape, longer, strict=True)], array.dtype)
    larger[tuple(map(slice, array.shape))] = array
    return larger
