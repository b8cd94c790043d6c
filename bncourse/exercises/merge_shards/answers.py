"""Answers to the exercise as people write them: right ones in many styles, and wrong ones."""

import numpy as np


def with_weights(counts, means, variances):
    w = (counts / counts.sum())[:, None]
    mean = (w * means).sum(0)
    return mean, (w * variances).sum(0) + (w * (means - mean) ** 2).sum(0)


def one_after_the_other(counts, means, variances):
    n, mean, squares = counts[0], means[0], counts[0] * variances[0]
    for count, m, v in zip(counts[1:], means[1:], variances[1:], strict=True):
        gap, total = m - mean, n + count
        squares = squares + count * v + gap**2 * n * count / total
        mean, n = mean + gap * count / total, total
    return mean, squares / n


def by_einsum(counts, means, variances):
    total = counts.sum()
    mean = np.einsum("k,kc->c", counts, means) / total
    d = means - mean
    return mean, np.einsum("k,kc->c", counts, variances + d * d) / total


def by_loops(counts, means, variances):
    total, (shards, features) = sum(counts), means.shape
    mean, var = np.zeros(features), np.zeros(features)
    for c in range(features):
        for k in range(shards):
            mean[c] += counts[k] * means[k, c] / total
        for k in range(shards):
            var[c] += counts[k] * (variances[k, c] + (means[k, c] - mean[c]) ** 2) / total
    return {"mean": mean, "var": var}


def from_repeated_rows(counts, means, variances):
    """Build examples that have these statistics: two halves at m ± sd, each counted n times."""
    low, high = means - np.sqrt(variances), means + np.sqrt(variances)
    x = np.concatenate([np.repeat(low, counts, axis=0), np.repeat(high, counts, axis=0)])
    return x.mean(axis=0), x.var(axis=0)


RIGHT = [with_weights, one_after_the_other, by_einsum, by_loops, from_repeated_rows]


def means_of_everything(counts, means, variances):
    return means.mean(axis=0), variances.mean(axis=0)


def law_of_total_variance_unweighted(counts, means, variances):
    return means.mean(0), variances.mean(0) + means.var(0)


def weighted_within_only(counts, means, variances):
    mean = np.average(means, axis=0, weights=counts)
    return mean, np.average(variances, axis=0, weights=counts)


def second_moments(counts, means, variances):
    mean = np.average(means, axis=0, weights=counts)
    return mean, np.average(variances + means**2, axis=0, weights=counts) - mean**2


def second_moments_without_the_square(counts, means, variances):
    mean = np.average(means, axis=0, weights=counts)
    return mean, np.average(variances + means**2, axis=0, weights=counts)


def without_a_new_axis(counts, means, variances):
    mean = (counts * means).sum(0) / counts.sum()
    return mean, (counts * (variances + (means - mean) ** 2)).sum(0) / counts.sum()


def unbiased(counts, means, variances):
    n = counts.sum()
    mean = counts @ means / n
    return mean, counts @ (variances + (means - mean) ** 2) / (n - 1)


def with_the_count(counts, means, variances):
    return counts.sum(), *with_weights(counts, means, variances)


def in_place(counts, means, variances):
    mean = counts @ means / counts.sum()
    means -= mean
    return mean, counts @ (variances + means**2) / counts.sum()


def one_after_the_other_undivided(counts, means, variances):
    n, mean, squares = counts[0], means[0], counts[0] * variances[0]
    for count, m, v in zip(counts[1:], means[1:], variances[1:], strict=True):
        squares = squares + count * v + (m - mean) ** 2 * n * count
        mean, n = (n * mean + count * m) / (n + count), n + count
    return mean, squares / n


def the_gap_after_the_update(counts, means, variances):
    n, mean, squares = counts[0], means[0], counts[0] * variances[0]
    for count, m, v in zip(counts[1:], means[1:], variances[1:], strict=True):
        mean = (n * mean + count * m) / (n + count)
        squares = squares + count * v + (m - mean) ** 2 * n * count / (n + count)
        n = n + count
    return mean, squares / n


def about_the_plain_mean(counts, means, variances):
    squares = variances + (means - means.mean(0)) ** 2
    return np.average(means, axis=0, weights=counts), np.average(squares, axis=0, weights=counts)


def over_the_number_of_shards(counts, means, variances):
    mean = counts @ means / len(counts)
    return mean, counts @ (variances + (means - mean) ** 2) / len(counts)


def variance_first(counts, means, variances):
    return with_weights(counts, means, variances)[::-1]


def in_32_bits(counts, means, variances):
    means, variances = means.astype(np.float32), variances.astype(np.float32)
    return with_weights(counts, means, variances)


def the_gap_times_the_old_share(counts, means, variances):
    n, mean, squares = counts[0], means[0], counts[0] * variances[0]
    for count, m, v in zip(counts[1:], means[1:], variances[1:], strict=True):
        gap, total = m - mean, n + count
        squares = squares + count * v + gap**2 * n * count / total
        mean, n = mean + gap * n / total, total
    return mean, squares / n


def mean_moved_by_the_whole_gap(counts, means, variances):
    n, mean, squares = counts[0], means[0], counts[0] * variances[0]
    for count, m, v in zip(counts[1:], means[1:], variances[1:], strict=True):
        gap, total = m - mean, n + count
        squares = squares + count * v + gap**2 * n * count / total
        mean, n = mean + gap, total
    return mean, squares / n


def one_after_the_other_from_the_old_mean(counts, means, variances):
    n, mu, m2 = 0, np.zeros_like(means[0]), np.zeros_like(means[0])
    for k, (nk, vk) in enumerate(zip(counts, variances, strict=True)):
        delta = means[k] - mu if n else np.zeros_like(mu)
        mu = mu + delta * nk / (n + nk) if n else means[k]
        n = n + nk
        m2 = m2 + vk * nk + delta**2 * nk
    return mu, m2 / n


WRONG = [
    (one_after_the_other_undivided, {"pairwise-gap-not-divided"}),
    (the_gap_after_the_update, {"pairwise-gap-too-late"}),
    (about_the_plain_mean, {"distances-from-plain-mean"}),
    (over_the_number_of_shards, {"all-divided-by-shards"}),
    (variance_first, {"merged-mean-and-variance-swapped"}),
    (in_32_bits, {"merged-from-second-moments"}),
    (means_of_everything, {"shard-statistics-averaged"}),
    (law_of_total_variance_unweighted, {"shard-counts-ignored"}),
    (weighted_within_only, {"between-shards-left-out"}),
    (second_moments, {"merged-from-second-moments"}),
    (second_moments_without_the_square, {"squared-mean-left-in"}),
    (without_a_new_axis, {"weights-along-features"}),
    (unbiased, {"merged-variance-unbiased"}),
    (with_the_count, {"wrong-count"}),
    (the_gap_times_the_old_share, {"pairwise-mean-with-old-count"}),
    (mean_moved_by_the_whole_gap, {"pairwise-mean-replaced"}),
    (one_after_the_other_from_the_old_mean, {"pairwise-gap-with-new-count"}),
]

# Right, and earning a remark.
UNWISE = [in_place]
