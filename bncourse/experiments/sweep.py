"""Run every seed of every configuration: cut into stacks, shared among processes or machines."""

import time
import warnings
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from importlib.metadata import version
from inspect import signature
from numbers import Integral
from typing import Literal

from joblib import Parallel, delayed, effective_n_jobs
from tqdm import tqdm

from bncourse.data import MissingDataError
from bncourse.evidence import store
from bncourse.evidence.history import History
from bncourse.evidence.question import Question
from bncourse.evidence.settings import Settings
from bncourse.experiments.chunks import MEMBERS, Parts, Training, chunks, merged
from bncourse.experiments.variation import Variation
from bncourse.scratch.arguments import require_count

LARGEST = 2**32  # of seeds, in scikit-learn
DTYPES = ("float32", "float64")


def run(
    configs: Settings | Sequence[Settings],
    seeds: Sequence[int],
    *,
    probes: Sequence[Callable] = (),
    every: int | Sequence[int] = 10,
    after: Sequence[Callable] = (),
    step: Callable | None = None,
    test: bool = False,
    losses: bool = False,
    jitter: int = 0,
    device: object = "cpu",
    dtype: Literal["float32", "float64"] = "float32",
    members: int = MEMBERS,
    jobs: int | None = None,
    recompute: bool = False,
) -> History:
    """Train every seed of every configuration, as many at once as have a shape in common.

    Arms are paired: the same seed gives the same splits, initial weights and batches in every
    configuration in which they have the same shape. Where the repository holds the result, it is
    returned at once; else a progress bar appears after two seconds, and Ctrl-C gives back what is
    finished.

    Parameters
    ----------
    configs : sequence of Settings
        the arms, such as ``Config``; ``grid`` makes many
    seeds : sequence of int
        of each arm
    probes : sequence of callable
        ``probe(network, x, y)`` returns a dict of tensors (E, ...): see
        ``bncourse.experiments.probes``
    every : int or sequence of int
        steps between two calls of the probes, which are called once more after the last step; or
        the numbers of the steps before which they are called
    after : sequence of callable
        ``measure(stack)`` returns a dict of tensors (E, ...), of the trained ``Stack``
    step : callable or None
        ``step(stack, x, y)`` makes a step in place of ``Stack.step``, and returns the losses (E,)
        before it, or a dict of tensors (E, ...) with these as ``train_loss``
    test : bool
        score the test split after the last step: for the final comparison, not for choosing
    losses : bool
        keep the losses of every step, not their means over epochs alone
    jitter : int
        moves every initial weight by about a unit in the last place: what another processor does;
        each number in its own way, and 0 not at all
    device : str or torch.device
        where to compute
    dtype : {"float32", "float64"}
        of parameters and inputs
    members : int
        most members of one stack
    jobs : int or None
        processes, as in ``joblib.Parallel``; ``joblib.parallel_config`` can hand the stacks to a
        cluster of Dask or Ray instead
    recompute : bool
        compute in any case

    Returns
    -------
    History

    Raises
    ------
    TypeError, ValueError
        No or unsuitable configurations, seeds or options.
    EvidenceError
        A stored result is asked to be proven, and is missing or other than what is computed.
    """
    configs, seeds = _require_configs(configs), _require_seeds(seeds)
    require_count("members", members)
    if dtype not in DTYPES:
        raise ValueError(f"dtype is {dtype!r}: use one of {', '.join(DTYPES)}")
    question = Question(
        tuple(configs),
        tuple(seeds),
        _unusual(
            probes=tuple(probes),
            every=_require_every(every),
            after=tuple(after),
            step=step,
            test=bool(test),
            losses=bool(losses),
            jitter=int(jitter),
            dtype=dtype,
        ),
    )
    work = partial(_compute, question, device=device, members=members, jobs=jobs)
    variation = Variation.asked_for()
    mode = "recompute" if recompute or variation else store.mode()
    if mode == "recompute":
        return work(variation)
    if mode == "use" and not question.can_be_described():
        return work(variation)
    found = store.load(question, any_code=mode == "keep")
    if mode == "keep" and found is not None:
        return _kept(question, found)
    if mode == "prove":
        return _proven(question, found)
    if found is None:
        if mode in ("use", "keep"):
            return work(variation)
        start = time.perf_counter()
        found = work(variation, parts=Parts(question))
        if found.interrupted:
            return found
        pins = {package: version(package) for package in ("numpy", "torch")}
        store.save(question, found, seconds=round(time.perf_counter() - start, 1), pins=pins)
        Parts(question).remove()
    return _announced(question, found)


def _announced(question, found):
    """Return a stored answer, and say that it is one."""
    arms, seeds = len(question.configs), len(question.seeds)
    print(f"stored result {question.key}: {arms} configurations, {seeds} seeds")
    return found


def _kept(question, found):
    """Return the stored answer, as one of the code of today if that gives the same numbers."""
    if store.load(question) is None:
        from bncourse.experiments.proof import prove

        prove(question, found)
        store.keep(question)
    return _announced(question, found)


def _proven(question, found):
    """Return the stored answer if a part of it, computed again, agrees with it."""
    if found is None:
        raise store.EvidenceError(
            f"{store.path_of(question)} is missing, or other code made it: `make evidence`"
        )
    from bncourse.experiments.proof import prove

    with suppress(MissingDataError):  # its code is what made it; more cannot be proven here
        prove(question, found)
    return _announced(question, found)


def _compute(question, variation, *, device, members, jobs, parts=None):
    """Train everything; ``parts``, if given, keeps what is finished until all is."""
    work = Training(question, variation, device, parts)
    stacks = chunks(question.configs, question.seeds, members, effective_n_jobs(jobs))
    found, interrupted = [], False
    epochs = sum(config.epochs for config in question.configs) * len(question.seeds)
    with tqdm(total=epochs, unit="epoch", delay=2, leave=False) as bar:
        try:
            for part in _results(stacks, work, jobs, bar.update):
                found.append(part)
                if part.interrupted:
                    break
        except KeyboardInterrupt:
            interrupted = True
    if not found:
        raise KeyboardInterrupt
    if interrupted or any(part.interrupted for part in found):
        warnings.warn("interrupted: what was not reached is nan", stacklevel=3)
    return merged(found, question, interrupted)


def _results(stacks, work, jobs, update):
    """Yield what each chunk gave."""
    if effective_n_jobs(jobs) == 1:
        for chunk in stacks:
            yield work.part(chunk, update)
    else:
        parallel = Parallel(n_jobs=jobs, return_as="generator_unordered")
        for part in parallel(delayed(Training.part)(work, chunk) for chunk in stacks):
            update(sum(config.epochs for config in part.chunk.configs) * len(part.chunk.seeds))
            yield part


def _unusual(**options):
    """Return the options that are not the usual ones of `run`."""
    usual = {name: p.default for name, p in signature(run).parameters.items()}
    return {name: value for name, value in options.items() if value != usual[name]}


def _require_configs(configs):
    configs = [configs] if isinstance(configs, Settings) else list(configs)
    if not configs or not all(isinstance(config, Settings) for config in configs):
        raise TypeError(f"configs must be a list of at least one Config, got {configs}")
    if len(set(configs)) < len(configs):
        raise ValueError("configs holds a configuration twice: leave one out")
    return configs


def _require_seeds(seeds):
    seeds = list(seeds)
    if not seeds or not all(isinstance(seed, Integral) and seed >= 0 for seed in seeds):  # pyrefly: ignore[unsupported-operation]
        raise TypeError(f"seeds must be a list of at least one integer from 0, got {seeds}")
    if max(seeds) >= LARGEST:
        raise ValueError(f"seeds must be below 2³², got {max(seeds)}: choose smaller ones")
    if len(set(seeds)) < len(seeds):
        raise ValueError(f"seeds holds a seed twice, got {seeds}: leave one out")
    return [int(seed) for seed in seeds]


def _require_every(every):
    if isinstance(every, Integral):
        require_count("every", every)
        return int(every)
    numbers = list(every)
    if not numbers or not all(isinstance(n, Integral) and n >= 0 for n in numbers):  # pyrefly: ignore[unsupported-operation]
        raise ValueError(f"every must be a number of steps, or a list of steps, got {every!r}")
    return tuple(sorted(map(int, numbers)))
