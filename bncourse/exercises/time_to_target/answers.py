"""Answers to the exercise as people write them: right ones in many styles, and wrong ones."""

import math

import numpy as np


def by_a_loop(accuracy, target):
    for epoch, value in enumerate(accuracy, 1):
        if value >= target:
            return epoch
    return math.nan


def with_where(accuracy, target):
    (found,) = np.where(accuracy >= target)
    return found[0] + 1 if len(found) else np.nan


def with_next(accuracy, target):
    return next((e + 1.0 for e, a in enumerate(accuracy.tolist()) if a >= target), float("nan"))


def smallest_of_a_masked_array(accuracy, target):
    epochs = np.where(accuracy >= target, np.arange(1, len(accuracy) + 1), np.inf)
    return np.array(epochs.min() if np.isfinite(epochs.min()) else np.nan)


def best_so_far(accuracy, target):
    record = np.maximum.accumulate(accuracy)
    below = np.searchsorted(record, target)
    return np.nan if below == len(record) else below + 1


def by_an_exception(accuracy, target):
    try:
        return (accuracy >= target).tolist().index(True) + 1
    except ValueError:
        return np.float32("nan")


RIGHT = [
    by_a_loop,
    with_where,
    with_next,
    smallest_of_a_masked_array,
    best_so_far,
    by_an_exception,
]


def plain_argmax(accuracy, target):
    return np.argmax(accuracy >= target)


def argmax_plus_one(accuracy, target):
    return np.argmax(accuracy >= target) + 1


def where_without_asking(accuracy, target):
    return np.where(accuracy >= target)[0][0] + 1


def loop_with_greater(accuracy, target):
    for epoch, value in enumerate(accuracy, 1):
        if value > target:
            return epoch
    return math.nan


def loop_from_zero(accuracy, target):
    for epoch, value in enumerate(accuracy):
        if value >= target:
            return epoch
    return math.nan


def loop_without_an_end(accuracy, target):
    for epoch, value in enumerate(accuracy, 1):
        if value >= target:
            return epoch
    return None


def loop_without_break(accuracy, target):
    found = math.nan
    for epoch, value in enumerate(accuracy, 1):
        if value >= target:
            found = epoch
    return found


def number_of_epochs_below(accuracy, target):
    return int((accuracy < target).sum()) + 1


def best_epoch(accuracy, target):
    return int(np.argmax(accuracy)) + 1


def as_in_the_chapter(accuracy, target):
    reached = accuracy >= target
    if not reached.any():
        return len(accuracy)
    after = reached.argmax()
    if after == 0:
        return 1
    low, high = accuracy[after - 1], accuracy[after]
    return after + 1 - (high - target) / (high - low)


def with_searchsorted(accuracy, target):
    return np.searchsorted(accuracy, target) + 1


def stays_above(accuracy, target):
    below = np.flatnonzero(accuracy < target)
    if len(below) == 0:
        return 1
    if below[-1] == len(accuracy) - 1:
        return np.nan
    return below[-1] + 2


def last_epoch_is_left_out(accuracy, target):
    for i in range(len(accuracy) - 1):
        if accuracy[i] >= target:
            return i + 1
    return math.nan


def nearly_reached(accuracy, target):
    hits = np.flatnonzero(np.round(accuracy, 2) >= target)
    return hits[0] + 1 if len(hits) else np.nan


def last_index_if_never(accuracy, target):
    for i in range(len(accuracy)):  # noqa: B007
        if accuracy[i] >= target:
            break
    return i


WRONG = [
    (plain_argmax, {"epochs-from-zero", "never-is-zero"}),
    (argmax_plus_one, {"never-is-one"}),
    (where_without_asking, {"never-raises"}),
    (loop_with_greater, {"epochs-strictly-above"}),
    (loop_from_zero, {"epochs-from-zero"}),
    (loop_without_an_end, {"never-is-none"}),
    (loop_without_break, {"epochs-last-above"}),
    (number_of_epochs_below, {"epochs-below", "never-is-after-the-last"}),
    (best_epoch, {"epochs-to-the-best", "never-is-the-best"}),
    (as_in_the_chapter, {"epochs-interpolated", "never-is-the-last"}),
    (with_searchsorted, {"epochs-bisected", "never-is-after-the-last"}),
    (lambda accuracy, target: accuracy[accuracy >= target], None),
    (lambda accuracy, target: accuracy.max() >= target, None),
    (lambda accuracy, target: "never", {"not-numbers"}),
    (stays_above, {"epochs-until-it-stays"}),
    (last_epoch_is_left_out, {"epochs-last-skipped"}),
    (nearly_reached, {"epochs-rounded-up-to-target"}),
    (last_index_if_never, {"epochs-from-zero", "never-is-the-last"}),
    (lambda accuracy, target: np.flatnonzero(accuracy >= target) + 1, {"epochs-all-above"}),
    (lambda accuracy, target: print(accuracy), None),
]
