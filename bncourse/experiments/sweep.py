"""Run every seed of every configuration: cut into stacks, shared among processes or machines."""

import warnings
from collections import defaultdict
from dataclasses import dataclass
from numbers import Integral

import torch
import xarray as xr
from joblib import Parallel, delayed, effective_n_jobs
from tqdm import tqdm

from bncourse.experiments.config import Config
from bncourse.experiments.history import History
from bncourse.experiments.stack import Stack
from bncourse.experiments.training import train
from bncourse.scratch.arguments import require_count

MEMBERS = 256  # a larger stack gains little speed and costs memory


@dataclass(frozen=True)
class Chunk:
    """Some of the configurations (with their numbers) and seeds, trained as one stack."""

    numbers: tuple
    configs: tuple
    seeds: tuple

    def __len__(self):
        """Return the number of members."""
        return len(self.configs) * len(self.seeds)


def run(
    configs,
    seeds,
    *,
    probes=(),
    every=10,
    test=False,
    device="cpu",
    dtype=torch.float32,
    members=MEMBERS,
    jobs=None,
):
    """Train every seed of every configuration, as many at once as have a shape in common.

    Arms are paired: the same seed gives the same splits, initial weights and batches in every
    configuration in which they have the same shape. A progress bar appears after two seconds.
    Ctrl-C gives back what is finished.

    Parameters
    ----------
    configs : sequence of Config
        the arms; ``grid`` makes many
    seeds : sequence of int
        of each arm
    probes : sequence of callable
        see ``bncourse.experiments.probes``
    every : int
        steps between two calls of the probes; they are called once more after the last step
    test : bool
        score the test split after the last step: for the final comparison, not for choosing
    device : str or torch.device
        where to compute
    dtype : torch.dtype
        float32 or float64
    members : int
        most members of one stack
    jobs : int or None
        processes, as in ``joblib.Parallel``; ``joblib.parallel_config`` can hand the stacks to a
        cluster of Dask or Ray instead

    Returns
    -------
    History

    Raises
    ------
    TypeError, ValueError
        No or unsuitable configurations, seeds or counts.
    """
    configs, seeds = _require_configs(configs), _require_seeds(seeds)
    require_count("every", every)
    require_count("members", members)
    chunks = _chunks(configs, seeds, members)
    options = {"probes": tuple(probes), "every": every, "test": test}
    place = {"device": device, "dtype": dtype}
    found, interrupted = [], False
    epochs = sum(config.epochs for config in configs) * len(seeds)
    with tqdm(total=epochs, unit="epoch", delay=2, leave=False) as bar:
        try:
            for data, stopped in _results(chunks, options, place, jobs, bar.update):
                found.append(data)
                interrupted |= stopped
                if stopped:
                    break
        except KeyboardInterrupt:
            interrupted = True
    return History(configs, _merged(found, len(configs), seeds, interrupted), interrupted)


def _results(chunks, options, place, jobs, update):
    """Yield the data of each chunk, and whether the keyboard interrupted it."""
    if effective_n_jobs(jobs) == 1:
        for chunk in chunks:
            yield _train(chunk, options, place, update)
    else:
        parallel = Parallel(n_jobs=jobs, return_as="generator_unordered")
        for data, stopped in parallel(delayed(_train)(c, options, place) for c in chunks):
            update(data["validation_loss"][..., 1:].size)
            yield data, stopped


def _train(chunk, options, place, update=None):
    stack = Stack(chunk.configs, chunk.seeds, **place)
    report = (lambda: update(len(chunk))) if update else (lambda: None)
    data, stopped = train(stack, chunk.configs[0].epochs, report=report, **options)
    return data.assign_coords(config=list(chunk.numbers), seed=list(chunk.seeds)), stopped


def _chunks(configs, seeds, members):
    """Cut the sweep: configurations that share a shape together, at most ``members`` at once."""
    shapes = defaultdict(list)
    for number, config in enumerate(configs):
        shapes[config.stackable()].append(number)
    chunks = []
    for numbers in shapes.values():
        for arms in _pieces(numbers, members):
            for some in _pieces(seeds, max(1, members // len(arms))):
                chunks.append(Chunk(tuple(arms), tuple(configs[n] for n in arms), tuple(some)))
    return chunks


def _pieces(items, size):
    return [items[start : start + size] for start in range(0, len(items), size)]


def _merged(found, configs, seeds, interrupted):
    """Return one data set for all chunks; what is missing is nan."""
    if not found:
        raise KeyboardInterrupt
    if interrupted:
        warnings.warn("interrupted: what was not reached is nan", stacklevel=3)
    data = xr.merge(found, join="outer", compat="no_conflicts")
    data = data.reindex(config=range(configs), seed=list(seeds))
    return data.assign(diverged=data["diverged"] == 1)


def _require_configs(configs):
    configs = [configs] if isinstance(configs, Config) else list(configs)
    if not configs or not all(isinstance(config, Config) for config in configs):
        raise TypeError(f"configs must be a list of at least one Config, got {configs}")
    if len(set(configs)) < len(configs):
        raise ValueError("configs holds a configuration twice: leave one out")
    return configs


def _require_seeds(seeds):
    seeds = list(seeds)
    if not seeds or not all(isinstance(seed, Integral) and seed >= 0 for seed in seeds):
        raise TypeError(f"seeds must be a list of at least one integer from 0, got {seeds}")
    if len(set(seeds)) < len(seeds):
        raise ValueError(f"seeds holds a seed twice, got {seeds}: leave one out")
    return [int(seed) for seed in seeds]
