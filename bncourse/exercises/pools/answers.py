"""Answers to the exercise as people write them: right ones in many styles, and wrong ones."""

import numpy as np


def norm(x, gamma, beta, eps):
    return gamma * (x - x.mean(0)) / np.sqrt(x.var(0) + eps) + beta


def by_concatenating(x, size, gamma, beta, eps=1e-5):
    pools = [x[i : i + size] for i in range(0, len(x), size)]
    return np.concatenate([norm(pool, gamma, beta, eps) for pool in pools])


def split_at_the_multiples(x, size, gamma, beta, eps=1e-5):
    pools = np.split(x, range(size, len(x), size))
    return np.vstack([norm(pool, gamma, beta, eps) for pool in pools])


def by_loops(x, size, gamma, beta, eps=1e-5):
    y = np.zeros(x.shape)
    for n in range(x.shape[0]):
        first = n - n % size
        last = min(first + size, x.shape[0])
        for c in range(x.shape[1]):
            pool = [float(v) for v in x[first:last, c]]
            mean = sum(pool) / len(pool)
            var = sum((v - mean) ** 2 for v in pool) / len(pool)
            y[n, c] = gamma[c] * (x[n, c] - mean) / (var + eps) ** 0.5 + beta[c]
    return y


def by_sums_over_groups(x, size, gamma, beta, eps=1e-5):
    pool = np.arange(len(x)) // size
    member = (pool[:, None] == np.unique(pool)).astype(x.dtype)
    share = member / member.sum(0)
    d = x - member @ (share.T @ x)
    var = share.T @ d**2
    return gamma * d / np.sqrt(member @ var + eps) + beta


def with_reduceat(x, size, gamma, beta, eps=1e-5):
    starts = np.arange(0, len(x), size)
    counts = np.diff([*starts, len(x)])
    d = x - np.repeat(np.add.reduceat(x, starts) / counts[:, None], counts, axis=0)
    var = np.add.reduceat(d * d, starts) / counts[:, None]
    return gamma * d / np.sqrt(np.repeat(var, counts, axis=0) + eps) + beta


def reshaped_and_the_rest(x, size, gamma, beta, eps=1e-5):
    full = len(x) // size * size
    pools = x[:full].reshape(-1, size, x.shape[1])
    y = (pools - pools.mean(1, keepdims=True)) / np.sqrt(pools.var(1, keepdims=True) + eps)
    y = gamma * y.reshape(full, -1) + beta if full else x[:0]
    return np.concatenate([y, norm(x[full:], gamma, beta, eps)]) if full < len(x) else y


def recursively_in_place(x, size, gamma, beta, eps=1e-5):
    y = x.copy()
    y[:size] = norm(y[:size], gamma, beta, eps)
    if len(x) > size:
        y[size:] = recursively_in_place(x[size:], size, gamma, beta, eps)
    return y


RIGHT = [
    by_concatenating,
    split_at_the_multiples,
    by_loops,
    by_sums_over_groups,
    with_reduceat,
    reshaped_and_the_rest,
    recursively_in_place,
]


def ignores_the_size(x, size, gamma, beta, eps=1e-5):
    return norm(x, gamma, beta, eps)


def size_taken_for_a_number(x, size, gamma, beta, eps=1e-5):
    return np.concatenate([norm(p, gamma, beta, eps) for p in np.array_split(x, size) if len(p)])


def nearly_equal_pools(x, size, gamma, beta, eps=1e-5):
    pools = np.array_split(x, -(-len(x) // size))
    return np.concatenate([norm(p, gamma, beta, eps) for p in pools])


def whole_pools_only(x, size, gamma, beta, eps=1e-5):
    y = np.zeros_like(x)
    for k in range(len(x) // size):
        y[k * size : (k + 1) * size] = norm(x[k * size : (k + 1) * size], gamma, beta, eps)
    return y


def rest_forgotten(x, size, gamma, beta, eps=1e-5):
    full = len(x) // size * size
    return by_concatenating(x[:full], size, gamma, beta, eps) if full else x[:0]


def only_what_can_be_reshaped(x, size, gamma, beta, eps=1e-5):
    pools = x.reshape(-1, size, x.shape[1])
    y = (pools - pools.mean(1, keepdims=True)) / np.sqrt(pools.var(1, keepdims=True) + eps)
    return gamma * y.reshape(x.shape) + beta


def every_kth_row(x, size, gamma, beta, eps=1e-5):
    y, pools = np.empty_like(x), -(-len(x) // size)
    for k in range(pools):
        y[k::pools] = norm(x[k::pools], gamma, beta, eps)
    return y


def unbiased(x, size, gamma, beta, eps=1e-5):
    def one(p):
        return gamma * (p - p.mean(0)) / np.sqrt(p.var(0, ddof=1) + eps) + beta

    return np.concatenate([one(x[i : i + size]) for i in range(0, len(x), size)])


def common_mean(x, size, gamma, beta, eps=1e-5):
    spread = np.concatenate(
        [
            np.repeat(x[i : i + size].std(0, keepdims=True) ** 2, len(x[i : i + size]), axis=0)
            for i in range(0, len(x), size)
        ]
    )
    return gamma * (x - x.mean(0)) / np.sqrt(spread + eps) + beta


def singles_as_they_are(x, size, gamma, beta, eps=1e-5):
    pools = [x[i : i + size] for i in range(0, len(x), size)]
    return np.concatenate([p if len(p) == 1 else norm(p, gamma, beta, eps) for p in pools])


def textbook_variance(x, size, gamma, beta, eps=1e-5):
    def one(p):
        var = (p**2).mean(0) - p.mean(0) ** 2
        return gamma * (p - p.mean(0)) / np.sqrt(var + eps) + beta

    return np.concatenate([one(x[i : i + size]) for i in range(0, len(x), size)])


def singles_by_the_batch(x, size, gamma, beta, eps=1e-5):
    whole_mean, whole_var = x.mean(axis=0), x.var(axis=0)
    y = np.empty_like(x)
    for i in range(0, len(x), size):
        p = x[i : i + size]
        if len(p) == 1:
            mean, var = whole_mean, whole_var
        else:
            mean, var = p.mean(axis=0), p.var(axis=0)
        y[i : i + size] = gamma * (p - mean) / np.sqrt(var + eps) + beta
    return y


def one_is_no_pool(x, size, gamma, beta, eps=1e-5):
    out = []
    for start in range(0, x.shape[0], size):
        part = x[start : start + size]
        if len(part) > 1:
            part = (part - part.mean(0)) / np.sqrt(part.var(0) + eps)
        out.append(part * gamma + beta)
    return np.concatenate(out)


WRONG = [
    (singles_by_the_batch, {"pools-single-by-batch"}),
    (ignores_the_size, {"pools-whole-batch"}),
    (size_taken_for_a_number, {"pools-as-many-as-size"}),
    (nearly_equal_pools, {"pools-evened-out"}),
    (whole_pools_only, {"pools-rest-zero"}),
    (rest_forgotten, {"pools-rest-left-out"}),
    (only_what_can_be_reshaped, {"pools-rest-raises"}),
    (every_kth_row, {"pools-in-turn"}),
    (unbiased, {"unbiased-variance"}),
    (common_mean, {"pools-mean-of-batch"}),
    (singles_as_they_are, {"pools-single-left-alone"}),
    (textbook_variance, {"one-pass-variance"}),
    (
        lambda x, size, gamma, beta, eps=1e-5: by_concatenating(x, size, gamma, beta),
        {"eps-ignored"},
    ),
    (lambda x, size, gamma, beta, eps=1e-5: by_concatenating(x, 2, gamma, beta, eps), None),
    (lambda x, size, gamma, beta, eps=1e-5: x[:size], None),
    (one_is_no_pool, {"pools-single-affine"}),
]
