"""Answers to the lab as people write them: right ones in many styles, and wrong ones."""

import random

import numpy as np
import torch


def by_chunk(x, y, workers):
    order = torch.randperm(len(x))
    return list(zip(x[order].chunk(workers), y[order].chunk(workers), strict=True))


def in_numpy(x, y, workers):
    parts = np.array_split(np.random.default_rng().permutation(len(x)), workers)
    return [(x[p], y[p]) for p in parts]


def with_random(x, y, workers):
    order = random.sample(range(len(x)), len(x))
    return [(x[order[k::workers]], y[order[k::workers]]) for k in range(workers)]


def class_by_class(x, y, workers):
    order = torch.sort(y, stable=True).indices
    return tuple((x[order[k::workers]], y[order[k::workers]]) for k in range(workers))


def by_a_generator(x, y, workers):
    order = torch.randperm(len(x), generator=torch.Generator().manual_seed(3))
    size = len(x) // workers
    for k in range(workers):
        end = (k + 1) * size if k < workers - 1 else len(x)
        yield x[order[k * size : end]], y[order[k * size : end]]


RIGHT = [by_chunk, in_numpy, with_random, class_by_class, by_a_generator]


def as_given(x, y, workers):
    return list(zip(x.chunk(workers), y.chunk(workers), strict=True))


def shuffles_each_share(x, y, workers):
    shares = []
    for images, labels in as_given(x, y, workers):
        order = torch.randperm(len(images))
        shares.append((images[order], labels[order]))
    return shares


def shuffles_the_shares(x, y, workers):
    shares = as_given(x, y, workers)
    random.shuffle(shares)
    return shares


def in_turn(x, y, workers):
    return [(x[k::workers], y[k::workers]) for k in range(workers)]


def each_draws(x, y, workers):
    size = len(x) // workers
    draws = [torch.randint(len(x), (size,)) for _ in range(workers)]
    return [(x[d], y[d]) for d in draws]


def everything(x, y, workers):
    return [(x, y)] * workers


def shuffles_images_alone(x, y, workers):
    x = x[torch.randperm(len(x))]
    return list(zip(x.chunk(workers), y.chunk(workers), strict=True))


def equal_shares(x, y, workers):
    order = torch.randperm(len(x))
    size = len(x) // workers
    pieces = [order[k * size : (k + 1) * size] for k in range(workers)]
    return [(x[p], y[p]) for p in pieces]


def sorts(x, y, workers):
    order = y.argsort()
    return list(zip(x[order].chunk(workers), y[order].chunk(workers), strict=True))


def one_share(x, y, workers):
    order = torch.randperm(len(x))
    return [(x[order], y[order])]


def pieces_of_five(x, y, workers):
    order = torch.randperm(len(x))
    return [(x[p], y[p]) for p in order.split(workers)]


def empty(x, y, workers):
    return []


def labels_first(x, y, workers):
    return [(b, a) for a, b in in_numpy(x, y, workers)]


def by_classes(x, y, workers, classes):
    hands = [[] for _ in range(workers)]
    for k in classes:
        rows = torch.where(y == k)[0]
        for hand, part in zip(hands, rows.tensor_split(workers), strict=True):
            hand.extend(part.tolist())
    return [(x[hand], y[hand]) for hand in hands]


def each_class_by_itself(x, y, workers):
    return by_classes(x, y, workers, y.unique())


def ten_classes(x, y, workers):
    return by_classes(x, y, workers, range(10))


def five(x, y, workers):
    order = y.argsort(stable=True)
    return [(x[order[k::5]], y[order[k::5]]) for k in range(5)]


def sorts_in_place(x, y, workers):
    order = torch.argsort(y, stable=True)
    x[:] = x[order]
    y[:] = y[order]
    return in_turn(x.clone(), y.clone(), workers)


def nothing(x, y, workers):
    by_chunk(x, y, workers)


def deals_ten_classes(x, y, workers):
    order = torch.cat([torch.nonzero(y == c).squeeze(1) for c in range(10)])
    return [(x[order[w::workers]], y[order[w::workers]]) for w in range(workers)]


def rest_of_each_class_dropped(x, y, workers):
    hands = [[] for _ in range(workers)]
    for c in y.unique():
        idx = torch.where(y == c)[0]
        k = len(idx) // workers
        for w in range(workers):
            hands[w].extend(idx[w * k : (w + 1) * k].tolist())
    return [(x[h], y[h]) for h in hands]


def labels_left_behind(x, y, workers):
    xs = x[torch.argsort(y)]
    return [(xs[w::workers], y[w::workers]) for w in range(workers)]


def worker_by_label(x, y, workers):
    return [(x[y % workers == w], y[y % workers == w]) for w in range(workers)]


def classes_interleaved_then_every_kth(x, y, workers):
    queues = [torch.nonzero(y == c).flatten().tolist() for c in torch.unique(y)]
    order = []
    while any(queues):
        for q in queues:
            if q:
                order.append(q.pop(0))
    return [(x[order[w::workers]], y[order[w::workers]]) for w in range(workers)]


def overlap_by_one(x, y, workers):
    order = torch.argsort(y, stable=True)
    order = torch.cat([order[w::workers] for w in range(workers)])
    size = -(-len(x) // workers)
    pieces = [order[w * size : (w + 1) * size + 1] for w in range(workers)]
    return [(x[p], y[p]) for p in pieces]


WRONG = [
    (as_given, {"shares-in-a-row"}),
    (shuffles_each_share, {"shares-in-a-row"}),
    (shuffles_the_shares, {"shares-in-a-row"}),
    (in_turn, {"shares-dealt-in-turn"}),
    (each_draws, {"shares-drawn-one-by-one"}),
    (everything, {"everything-to-every-worker"}),
    (shuffles_images_alone, {"labels-with-other-samples"}),
    (equal_shares, {"rest-not-dealt"}),
    (sorts, {"shares-of-one-class"}),
    (one_share, {"one-share-each"}),
    (pieces_of_five, {"one-share-each"}),
    (empty, {"wrong-count"}),
    (labels_first, {"wrong-kind"}),
    (each_class_by_itself, {"shares-class-by-class"}),
    (ten_classes, {"shares-of-ten-classes"}),
    (five, {"always-five-shares"}),
    (sorts_in_place, {"given-samples-reordered"}),
    (deals_ten_classes, {"shares-of-ten-classes"}),
    (rest_of_each_class_dropped, {"rest-of-each-class-lost"}),
    (labels_left_behind, {"labels-with-other-samples"}),
    (worker_by_label, {"shares-by-label"}),
    (classes_interleaved_then_every_kth, {"shares-with-classes-in-turn"}),
    (overlap_by_one, {"none-twice"}),
    (nothing, {"returns-none"}),
]
