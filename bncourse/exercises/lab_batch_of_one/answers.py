"""Answers to the lab as people write them: right ones in many styles, and wrong ones."""

import random

import numpy as np
import torch
from torch.utils.data import DataLoader, TensorDataset


def by_starts(x, y, batch_size):
    order = torch.randperm(len(x))
    starts = list(range(0, len(x), batch_size))
    if len(starts) > 1 and len(x) - starts[-1] == 1:
        starts.pop()
    ends = [*starts[1:], len(x)]
    return [(x[order[a:b]], y[order[a:b]]) for a, b in zip(starts, ends, strict=True)]


def two_from_the_batch_before(x, y, batch_size):
    order = torch.randperm(len(x))
    pieces = list(order.split(batch_size))
    if len(pieces) > 1 and len(pieces[-1]) == 1:
        if batch_size > 2:
            cut = len(order) - 2
            pieces[-2:] = [order[cut + 1 - batch_size : cut], order[cut:]]
        else:
            pieces[-2:] = [torch.cat(pieces[-2:])]
    return [(x[p], y[p]) for p in pieces]


def as_a_generator(x, y, batch_size):
    order = np.random.default_rng().permutation(len(x))
    x, y, start = x[order], y[order], 0
    while start < len(x):
        end = start + batch_size
        if len(x) - end == 1:
            end += 1
        yield x[start:end], y[start:end]
        start = end


def with_random(x, y, batch_size):
    order = list(range(len(x)))
    random.shuffle(order)
    batches = [order[i : i + batch_size] for i in range(0, len(order), batch_size)]
    if len(batches[-1]) == 1 and len(batches) > 1:
        single = batches.pop()
        batches[-1] += single
    return [[x[batch], y[batch]] for batch in batches]


def from_a_loader(x, y, batch_size):
    batches = list(DataLoader(TensorDataset(x, y), batch_size, shuffle=True))
    if len(batches) > 1 and len(batches[-1][0]) == 1:
        last, before = batches.pop(), batches.pop()
        batches.append([torch.cat(pair) for pair in zip(before, last, strict=True)])
    return batches


RIGHT = [by_starts, two_from_the_batch_before, as_a_generator, with_random, from_a_loader]


def loses_a_batch(x, y, batch_size):
    order = list(range(len(x)))
    random.shuffle(order)
    batches = [order[i : i + batch_size] for i in range(0, len(order), batch_size)]
    if len(batches[-1]) == 1 and len(batches) > 1:
        batches[-2] += batches.pop()  # after the pop, [-2] is another one
    return [[x[batch], y[batch]] for batch in batches]


def as_given(x, y, batch_size):
    return [(x[p], y[p]) for p in torch.randperm(len(x)).split(batch_size)]


def loader(x, y, batch_size):
    return DataLoader(TensorDataset(x, y), batch_size, shuffle=True)


def loader_that_drops(x, y, batch_size):
    return DataLoader(TensorDataset(x, y), batch_size, shuffle=True, drop_last=True)


def skips_singles(x, y, batch_size):
    return [b for b in as_given(x, y, batch_size) if len(b[0]) > 1]


def repeats_singles(x, y, batch_size):
    batches = as_given(x, y, batch_size)
    return [(torch.cat([a, a]), torch.cat([b, b])) if len(a) == 1 else (a, b) for a, b in batches]


def joins_any(x, y, batch_size):
    pieces = list(torch.randperm(len(x)).split(batch_size))
    if len(pieces) > 1 and len(pieces[-1]) < batch_size:
        pieces[-2:] = [torch.cat(pieces[-2:])]
    return [(x[p], y[p]) for p in pieces]


def wraps_around(x, y, batch_size):
    order = torch.randperm(len(x))
    short = -len(x) % batch_size
    order = torch.cat([order, order[:short]])
    return [(x[p], y[p]) for p in order.split(batch_size)]


def shuffles_twice(x, y, batch_size):
    x, y = x[torch.randperm(len(x))], y[torch.randperm(len(y))]
    pieces = by_starts(torch.arange(len(x)), torch.arange(len(x)), batch_size)
    return [(x[p], y[p]) for p, _ in pieces]


def seeds_inside(x, y, batch_size):
    torch.manual_seed(0)
    return by_starts(x, y, batch_size)


def never_shuffles(x, y, batch_size):
    starts = list(range(0, len(x), batch_size))
    if len(starts) > 1 and len(x) - starts[-1] == 1:
        starts.pop()
    ends = [*starts[1:], len(x)]
    return [(x[a:b], y[a:b]) for a, b in zip(starts, ends, strict=True)]


def even_pieces(x, y, batch_size):
    order = torch.randperm(len(x))
    count = -(-len(x) // batch_size)
    return [(x[p], y[p]) for p in order.tensor_split(count)]


def pairs_always(x, y, batch_size):
    return by_starts(x, y, 2)


def no_batches(x, y, batch_size):
    return []


def one_batch(x, y, batch_size=None):
    order = torch.randperm(len(x))
    return [(x[order], y[order])]


def only_images(x, y, batch_size):
    return [x[p] for p in torch.randperm(len(x)).split(batch_size)]


def labels_first(x, y, batch_size):
    return [(b, a) for a, b in by_starts(x, y, batch_size)]


def two_lists(x, y, batch_size):
    batches = by_starts(x, y, batch_size)
    return [a for a, _ in batches], [b for _, b in batches]


def pieces_of_one_more(x, y, batch_size):
    return as_given(x, y, batch_size + 1)


def all_in_one_if_one_is_left(x, y, batch_size):
    return one_batch(x, y) if len(x) % batch_size == 1 else as_given(x, y, batch_size)


def shuffles_the_batches(x, y, batch_size):
    batches = never_shuffles(x, y, batch_size)
    random.shuffle(batches)
    return batches


def shuffles_each_batch(x, y, batch_size):
    batches = never_shuffles(x, y, batch_size)
    orders = [torch.randperm(len(b)) for _, b in batches]
    return [(a[o], b[o]) for (a, b), o in zip(batches, orders, strict=True)]


def rotates(x, y, batch_size):
    shift = random.randrange(len(x))
    return never_shuffles(x.roll(shift, 0), y.roll(shift), batch_size)


def sorts_in_place(x, y, batch_size):
    order = torch.randperm(len(x))
    x[:] = x[order]
    y[:] = y[order]
    return never_shuffles(x, y, batch_size)


def drop_last(x, y, batch_size):
    perm = torch.randperm(len(x))
    starts = [i * batch_size for i in range(max(1, len(x) // batch_size))]
    return [(x[perm[i : i + batch_size]], y[perm[i : i + batch_size]]) for i in starts]


def borrows_from_the_batch_before(x, y, batch_size):
    parts = list(torch.randperm(len(x)).split(batch_size))
    if len(parts) > 1 and len(parts[-1]) == 1:
        parts[-1] = torch.cat([parts[-2][-1:], parts[-1]])
        parts[-2] = parts[-2][:-1]
    return [(x[i], y[i]) for i in parts]


def smaller_batches_until_it_fits(x, y, batch_size):
    while batch_size > 2 and len(x) % batch_size == 1:
        batch_size -= 1
    return [(x[i], y[i]) for i in torch.randperm(len(x)).split(batch_size)]


def as_many_as_full_batches(x, y, batch_size):
    k = max(1, len(x) // batch_size)
    return [(x[i], y[i]) for i in torch.tensor_split(torch.randperm(len(x)), k)]


def with_replacement(x, y, batch_size):
    idx = torch.randint(len(x), (len(x),))
    parts = list(idx.split(batch_size))
    if len(parts[-1]) == 1:
        parts[-2:] = [torch.cat(parts[-2:])]
    return [(x[i], y[i]) for i in parts]


def last_batch_lost_and_unshuffled_labels(x, y, batch_size):
    xs = x[np.random.default_rng().permutation(len(x))]
    starts = [i * batch_size for i in range(max(1, len(x) // batch_size))]
    return [(xs[i : i + batch_size], y[i : i + batch_size]) for i in starts]


def joined_but_not_removed(x, y, batch_size):
    parts = list(torch.randperm(len(x)).split(batch_size))
    if len(parts[-1]) == 1:
        parts[0] = torch.cat([parts[0], parts[-1]])
    return [(x[i], y[i]) for i in parts]


def nothing(x, y, batch_size):
    by_starts(x, y, batch_size)


WRONG = [
    (as_given, {"single-left-alone"}),
    (loader, {"single-left-alone"}),
    (loader_that_drops, {"incomplete-batch-dropped"}),
    (skips_singles, {"single-sample-dropped"}),
    (repeats_singles, {"single-sample-doubled"}),
    (joins_any, {"any-remainder-merged"}),
    (wraps_around, {"last-batch-filled-up"}),
    (loses_a_batch, {"raises-at"}),
    (shuffles_twice, {"labels-with-other-samples"}),
    (seeds_inside, {"batches-in-the-same-order"}),
    (never_shuffles, {"batches-not-shuffled"}),
    (even_pieces, {"alone-in-batches-of-two"}),
    (borrows_from_the_batch_before, {"alone-in-batches-of-two"}),
    (smaller_batches_until_it_fits, {"alone-in-batches-of-two"}),
    (as_many_as_full_batches, {"remainder-spread"}),
    (with_replacement, {"drawn-with-replacement"}),
    (drop_last, {"incomplete-batch-dropped"}),
    (
        last_batch_lost_and_unshuffled_labels,
        {"incomplete-batch-dropped", "labels-with-other-samples"},
    ),
    (joined_but_not_removed, {"single-joined-and-left"}),
    (pairs_always, {"batches-no-more-than-needed"}),
    (no_batches, {"none-left-out"}),
    (one_batch, {"batches-of-right-size"}),
    (only_images, {"wrong-kind"}),
    (labels_first, {"wrong-kind"}),
    (two_lists, {"wrong-kind"}),
    (pieces_of_one_more, {"every-batch-one-larger"}),
    (all_in_one_if_one_is_left, {"batches-of-right-size"}),
    (shuffles_the_batches, {"shuffled-within-batches"}),
    (shuffles_each_batch, {"shuffled-within-batches"}),
    (rotates, None),  # by chance, it may come in the given order
    (sorts_in_place, {"given-samples-reordered"}),
    (nothing, {"returns-none"}),
]
