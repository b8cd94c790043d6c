"""Answers to the exercise as people write them: right ones in many styles, and wrong ones."""

import numpy as np


def by_indexing(x, mask, eps=1e-5):
    y = np.zeros(x.shape)
    for c in range(x.shape[1]):
        there = x[:, c][mask == 1]
        y[:, c][mask == 1] = (there - there.mean()) / np.sqrt(there.var() + eps)
    return y


def by_loops(x, mask, eps=1e-5):
    n, channels, steps = x.shape
    y = x.copy()
    for c in range(channels):
        pool = [float(x[i, c, s]) for i in range(n) for s in range(steps) if mask[i, s]]
        mean = sum(pool) / len(pool)
        var = sum((v - mean) ** 2 for v in pool) / len(pool)
        y[:, c] = (y[:, c] - mean) / (var + eps) ** 0.5
    return y


def with_where(x, mask, eps=1e-5):
    where = np.broadcast_to(mask[:, None].astype(bool), x.shape)
    mean = x.mean((0, 2), keepdims=True, where=where)
    var = x.var((0, 2), keepdims=True, where=where)
    return np.where(where, (x - mean) / np.sqrt(var + eps), np.nan)


def with_nan(x, mask, eps=1e-5):
    known = np.where(mask[:, None] == 1, x, np.nan)
    mean = np.nanmean(known, axis=(0, 2), keepdims=True)
    return (known - mean) / np.sqrt(np.nanvar(known, axis=(0, 2), keepdims=True) + eps)


def with_masked_arrays(x, mask, eps=1e-5):
    hidden = np.ma.masked_array(x, np.broadcast_to(mask[:, None] == 0, x.shape))
    mean = hidden.mean((0, 2)).data[:, None]
    var = hidden.var((0, 2)).data[:, None]
    return (x - mean) / np.sqrt(var + eps)


def by_einsum(x, mask, eps=1e-5):
    weights = mask / mask.sum()
    d = x - np.einsum("ncs,ns->c", x, weights)[:, None]
    y = d / np.sqrt(np.einsum("ncs,ncs,ns->c", d, d, weights) + eps)[:, None]
    return y * mask[:, None]


RIGHT = [by_indexing, by_loops, with_where, with_nan, with_masked_arrays, by_einsum]


def _standardized(x, mean, var, eps):
    return (x - mean) / np.sqrt(var + eps)


def usual(x, mask, eps=1e-5):
    return _standardized(x, x.mean((0, 2), keepdims=True), x.var((0, 2), keepdims=True), eps)


def masks_the_output(x, mask, eps=1e-5):
    return usual(x, mask, eps) * mask[:, None]


def masks_the_input(x, mask, eps=1e-5):
    return usual(x * mask[:, None], mask, eps)


def zeros_minus_mean(x, mask, eps=1e-5):
    x = x * mask[:, None]
    mean = x.sum((0, 2), keepdims=True) / mask.sum()
    return _standardized(x, mean, ((x - mean) ** 2).sum((0, 2), keepdims=True) / mask.sum(), eps)


def mean_of_products(x, mask, eps=1e-5):
    there = mask[:, None]
    mean = (x * there).mean((0, 2), keepdims=True)
    return _standardized(x, mean, (there * (x - mean) ** 2).mean((0, 2), keepdims=True), eps)


def counts_all_in_the_variance(x, mask, eps=1e-5):
    there = mask[:, None]
    mean = (x * there).sum((0, 2), keepdims=True) / mask.sum()
    return _standardized(x, mean, (there * (x - mean) ** 2).mean((0, 2), keepdims=True), eps)


def each_sequence(x, mask, eps=1e-5):
    there, count = mask[:, None], mask.sum(1)[:, None, None]
    mean = (x * there).sum(2, keepdims=True) / count
    return _standardized(x, mean, (there * (x - mean) ** 2).sum(2, keepdims=True) / count, eps)


def forgets_the_channel_axis(x, mask, eps=1e-5):
    mean = (x * mask).sum((0, 2), keepdims=True) / mask.sum()
    return _standardized(
        x, mean, (mask * (x - mean) ** 2).sum((0, 2), keepdims=True) / mask.sum(), eps
    )


def minus_one(x, mask, eps=1e-5):
    there = mask[:, None]
    mean = (x * there).sum((0, 2), keepdims=True) / mask.sum()
    squares = (there * (x - mean) ** 2).sum((0, 2), keepdims=True)
    return _standardized(x, mean, squares / (mask.sum() - 1), eps)


def one_pass(x, mask, eps=1e-5):
    there = mask[:, None]
    mean = (x * there).sum((0, 2), keepdims=True) / mask.sum()
    squares = (x**2 * there).sum((0, 2), keepdims=True) / mask.sum()
    return _standardized(x, mean, squares - mean**2, eps)


def puts_nan_into_the_input(x, mask, eps=1e-5):
    x[np.broadcast_to(mask[:, None] == 0, x.shape)] = np.nan
    mean = np.nanmean(x, axis=(0, 2), keepdims=True)
    return _standardized(x, mean, np.nanvar(x, axis=(0, 2), keepdims=True), eps)


def only_the_steps(x, mask, eps=1e-5):
    return x.transpose(0, 2, 1)[mask == 1]


def by_lengths(x, mask, eps=1e-5):
    rows = np.concatenate([seq[:, : int(n)].T for seq, n in zip(x, mask.sum(1), strict=True)])
    mean, std = rows.mean(0), np.sqrt(rows.var(0) + eps)
    return ((x.transpose(0, 2, 1) - mean) / std).transpose(0, 2, 1)


def counts_the_laid_mask(x, mask, eps=1e-5):
    there = np.broadcast_to(mask[:, None], x.shape)
    mean = (x * there).sum((0, 2), keepdims=True) / there.sum()
    squares = ((x - mean) ** 2 * there).sum((0, 2), keepdims=True)
    return _standardized(x, mean, squares / there.sum(), eps)


def reshaped_to_rows(x, mask, eps=1e-5):
    rows = x.reshape(-1, x.shape[1])
    there = rows[mask.ravel() > 0]
    return ((rows - there.mean(0)) / np.sqrt(there.var(0) + eps)).reshape(x.shape)


def looks_for_zeros(x, mask, eps=1e-5):
    known = np.where(x != 0, x, np.nan)
    mean = np.nanmean(known, axis=(0, 2), keepdims=True)
    return _standardized(x, mean, np.nanvar(known, axis=(0, 2), keepdims=True), eps)


def masks_the_mean_alone(x, mask, eps=1e-5):
    mean = (x * mask[:, None]).sum((0, 2), keepdims=True) / mask.sum()
    return _standardized(x, mean, ((x - mean) ** 2).mean((0, 2), keepdims=True), eps)


def zeros_made_nan(x, mask, eps=1e-5):
    z = np.where(mask[:, None, :] == 1, x, 0.0)
    z = np.where(z == 0, np.nan, z)
    mu = np.nanmean(z, axis=(0, 2), keepdims=True)
    sd = np.sqrt(np.nanvar(z, axis=(0, 2), keepdims=True) + eps)
    return np.nan_to_num((x - mu) / sd)


def hides_what_is_there(x, mask, eps=1e-5):
    a = np.ma.array(x, mask=np.broadcast_to(mask[:, None, :], x.shape).astype(bool))
    mu = a.mean(axis=(0, 2), keepdims=True).filled(0)
    var = a.var(axis=(0, 2), keepdims=True).filled(1)
    return (x - mu) / np.sqrt(var + eps)


def integer_mask_as_index(x, mask, eps=1e-5):
    mask = mask.astype(int)
    y = np.zeros_like(x)
    for c in range(x.shape[1]):
        v = x[:, c][mask]
        y[:, c] = (x[:, c] - v.mean()) / np.sqrt(v.var() + eps)
    return y


def mean_of_squares_of_everything(x, mask, eps=1e-5):
    xm = x * mask[:, None, :]
    mu = xm.sum((0, 2)) / mask.sum()
    var = np.maximum((xm**2).mean((0, 2)) - mu**2, 0)
    return (xm - mu[:, None]) / np.sqrt(var[:, None] + eps)


def only_complete_sequences(x, mask, eps=1e-5):
    full = mask.all(axis=1)
    pool = x[full] if full.any() else x
    mu = pool.mean((0, 2), keepdims=True)
    return (x - mu) / np.sqrt(pool.var((0, 2), keepdims=True) + eps)


WRONG = [
    (zeros_made_nan, {"zero-steps-left-out"}),
    (hides_what_is_there, {"mask-inverted"}),
    (integer_mask_as_index, {"mask-taken-for-numbers"}),
    (mean_of_squares_of_everything, {"padding-counted-in-variance"}),
    (only_complete_sequences, {"sequences-with-padding-dropped"}),
    (by_lengths, {"padding-taken-for-the-end"}),
    (counts_the_laid_mask, {"ones-counted-for-each-channel"}),
    (reshaped_to_rows, {"steps-reshaped-to-rows"}),
    (looks_for_zeros, {"zeros-taken-for-padding"}),
    (masks_the_mean_alone, {"deviations-of-everything"}),
    (usual, {"mask-ignored"}),
    (masks_the_output, {"mask-ignored"}),
    (masks_the_input, {"padding-pooled-as-zeros"}),
    (zeros_minus_mean, {"deviations-of-zeros"}),
    (mean_of_products, {"padding-counted-in-mean", "padding-counted-in-variance"}),
    (counts_all_in_the_variance, {"padding-counted-in-variance"}),
    (each_sequence, {"statistics-of-each-sequence"}),
    (forgets_the_channel_axis, {"mask-laid-over-channels"}),
    (minus_one, {"unbiased-variance"}),
    (one_pass, {"one-pass-variance"}),
    (only_the_steps, {"shape"}),
    (lambda x, mask, eps=1e-5: usual(x, 1 - mask, eps).tolist(), None),
]

# Right, and earning a remark.
UNWISE = [puts_nan_into_the_input]
