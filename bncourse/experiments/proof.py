"""Prove a stored result on whichever processor: compute a part of it again and compare.

Rounding differs from processor to processor, and training magnifies it. So two things are compared.
The losses of the first steps, before that has happened, must agree sharply, for one of two seeds at
least: where a gradient is nothing but rounding, Adam makes a whole step of it, and no number of
trials finds all such places. And a slice (two seeds of all arms, trained to the end, or to a fixed
number of steps if it is long) must agree with what is stored as one sample does with another: a
number of the slice may differ from the stored one by as much as two draws of a seed would, in most
places by far less, and by more in one seed, where a training fails with one rounding and not with
another.
"""

from collections.abc import Mapping
from itertools import chain, islice

import numpy as np
from scipy import stats

from bncourse.evidence.history import History
from bncourse.evidence.question import Question
from bncourse.evidence.store import EvidenceError
from bncourse.experiments.chunks import Training, chunks, merged
from bncourse.experiments.training import FIRST
from bncourse.experiments.variation import Variation

SLICE = 2  # seeds
ALONG_THE_WAY = ("validation_accuracy", "epoch_loss")  # of a training that is cut short
WHOLE = 160  # steps: a training that is no longer is repeated to its end
CUT = 66  # steps, about, of a longer one, unless `proven_steps` of the configuration says less
SHARP = 1e-4  # relative difference of losses in the first steps
STILL = 1e-5  # as long as no jitter of the weights moves a loss by more, it must agree sharply
JITTERS = 4
ALARM = 1e-6  # how often a number that is right is called wrong
FLOOR = 0.02  # of a number that is the same in all seeds, or of the images
NEAR = 2.5  # standard deviations: two pairs of unrelated draws are both further apart in 0.6 %
MOST = 0.9  # part of the numbers that must be that near (of one configuration they go together)


def prove(question: Question, stored: History) -> None:
    """Raise unless a part of the stored answer to a question, computed again, agrees with it.

    Parameters
    ----------
    question : Question
        what was asked
    stored : History
        the answer

    Raises
    ------
    EvidenceError
        It does not agree; the message says where.
    """
    some = Question(question.configs, question.seeds[:SLICE], question.options)
    stacks = chunks(some.configs, some.seeds)
    parts = [_slice(some, stored, chunk) for chunk in stacks]
    fresh, whole = merged(parts, some), not any(part.interrupted for part in parts)
    for chunk in stacks:
        arms = list(chunk.numbers)
        now, then = (h["first_losses"][arms, :SLICE] for h in (fresh, stored))
        _prove_start(some, chunk, then, now)
    for name in fresh.arrays:
        if name != "first_losses" and (whole or name in ALONG_THE_WAY):
            _prove_sample(name, stored, fresh)


def _slice(question, stored, chunk):
    """Train a chunk to its end, or cut a longer training short."""
    whole = stored.steps[chunk.numbers[0]] <= WHOLE
    steps = getattr(chunk.configs[0], "proven_steps", WHOLE if whole else CUT)
    return Training(question, Variation(), "cpu", steps=steps).part(chunk)


def _prove_start(question, chunk, stored, fresh):
    """Compare the first losses of some arms, (arms, SLICE, FIRST), until rounding has grown."""
    with np.errstate(invalid="ignore"):
        off = _relative(stored, fresh) > SHARP
        if not off.any():
            return
        moved = np.stack([_first_losses(chunk, question, k) for k in range(1, 1 + JITTERS)])
        calm = np.maximum.accumulate(_relative(moved, fresh).max(0), axis=2) < STILL
    wrong = calm & off
    in_all_seeds = wrong & wrong.any(2).all(1)[:, None, None]
    if in_all_seeds.any():
        arm, seed, step = np.argwhere(in_all_seeds)[0]
        raise EvidenceError(
            f"the loss before step {step} is {stored[arm, seed, step]:.6g} as stored, and "
            f"{fresh[arm, seed, step]:.6g} now, for seed {chunk.seeds[seed]} of "
            f"{chunk.configs[arm]}: the code is not what made the result; run `make evidence`"
        )


def _relative(a, b):
    return np.nan_to_num(np.abs(a - b) / np.maximum(np.abs(b), 1e-12), nan=0.0, posinf=np.inf)


def _first_losses(chunk, question, jitter):
    """Return the losses of the first steps of a chunk with other rounding, (arms, SLICE, FIRST)."""
    step, dtype = question.options.get("step"), question.options.get("dtype", "float32")
    jitter = Variation(jitter=jitter).of(question.options.get("jitter", 0))
    stack = chunk.stack(chunk.seeds, dtype=dtype, jitter=jitter)
    losses = []
    for x, y in islice(chain.from_iterable(stack.batches() for _ in range(FIRST)), FIRST):
        found = step(stack, x, y) if step else stack.step(x, y)
        losses.append(found["train_loss"] if isinstance(found, Mapping) else found)
    losses = np.stack([loss.numpy() for loss in losses], 1).reshape(*stack.members, -1)
    return losses[..., : chunk.configs[0].epochs * stack.data.steps_per_epoch]


def _prove_sample(name, stored, fresh):
    """Compare an array of the slice with the stored one, as far as the slice goes."""
    old, new = stored[name].astype(float), fresh[name].astype(float)
    time = fresh.axes.get(name)
    if time:
        kept = [stored.times[time].index(number) for number in fresh.times[time]]
        old = old[:, :, kept]
    elif name == "epoch_loss":
        old = old[:, :, : new.shape[2]]
    with np.errstate(invalid="ignore", divide="ignore"):
        if name.endswith("loss"):  # some trainings explode, and then a loss has any size
            old, new = np.log(old), np.log(new)
        off = np.abs(new - old[:, :SLICE]).min(1)
        spread = old.std(1, ddof=1)
        limit = stats.t.isf(ALARM / 2, old.shape[1] - 1) * spread
        floor = FLOOR if name.endswith(("accuracy", "loss")) else FLOOR * np.abs(old).mean(1)
        known = np.isfinite(off) & np.isfinite(spread)
        wrong = known & (off > limit + floor)
        near = off <= NEAR * spread + floor
    if wrong.any():
        place = tuple(np.argwhere(wrong)[0].tolist())
        raise EvidenceError(
            f"{name} is off by {off[place]:.4g} or more in each seed at {place} "
            f"(configuration, ...), where it varies by {spread[place]:.4g} from seed to seed: "
            "the code is not what made the result"
        )
    far = known & ~near
    if far.sum() > (1 - MOST) * known.sum() and far.reshape(len(far), -1).any(1).sum() > 1:
        raise EvidenceError(
            f"{name} is further than {NEAR} standard deviations off in "
            f"{far.sum() / known.sum():.0%} of its places: the code is not what made the result"
        )
