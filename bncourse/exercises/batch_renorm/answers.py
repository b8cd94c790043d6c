"""Answers to the exercise as people write them: right ones in many styles, and wrong ones."""

import numpy as np


def by_loops(x, running_mean, running_var, r_max, d_max, eps=1e-5):
    y, rs, ds = np.zeros(x.shape), [], []
    for c in range(x.shape[1]):
        mean = sum(x[:, c]) / len(x)
        std = (sum((v - mean) ** 2 for v in x[:, c]) / len(x) + eps) ** 0.5
        running = (running_var[c] + eps) ** 0.5
        rs.append(max(1 / r_max, min(std / running, r_max)))
        ds.append(max(-d_max, min((mean - running_mean[c]) / running, d_max)))
        for n in range(len(x)):
            y[n, c] = (x[n, c] - mean) / std * rs[-1] + ds[-1]
    return y, np.array(rs), np.array(ds)


def in_place_on_a_copy(x, running_mean, running_var, r_max, d_max, eps=1e-5):
    y = np.array(x)
    mean = y.mean(axis=0)
    y -= mean
    std = np.sqrt(np.mean(y**2, axis=0) + eps)
    running = np.sqrt(running_var + eps)
    r = np.maximum(np.minimum(std / running, r_max), 1 / r_max)
    d = np.maximum(np.minimum((mean - running_mean) / running, d_max), -d_max)
    y /= std
    y *= r
    y += d
    return y, r, d


def as_a_dict(x, running_mean, running_var, r_max, d_max, eps=1e-5):
    mean, var = np.einsum("nc->c", x) / len(x), np.var(x, 0)
    ratio = np.sqrt((var + eps) / (running_var + eps))
    r = ratio.clip(1 / r_max, r_max)
    d = ((mean - running_mean) * (running_var + eps) ** -0.5).clip(-d_max, d_max)
    return {"d": d, "r": r, "y": d + r * (x - mean) / np.sqrt(var + eps)}


def as_a_list(x, running_mean, running_var, r_max, d_max, eps=1e-5):
    return list(in_place_on_a_copy(x, running_mean, running_var, r_max, d_max, eps))


def by_logarithms(x, running_mean, running_var, r_max, d_max, eps=1e-5):
    mean = x.mean(0)
    log_std = 0.5 * np.log(((x - mean) ** 2).mean(0) + eps)
    log_running = 0.5 * np.log(running_var + eps)
    most = np.log(r_max)
    log_r = np.clip(log_std - log_running, -most, most)
    d = (mean - running_mean) / np.exp(log_running)
    d = np.where(np.abs(d) > d_max, np.sign(d) * d_max, d)
    return (x - mean) * np.exp(log_r - log_std) + d, np.exp(log_r), d


def from_evaluation(x, running_mean, running_var, r_max, d_max, eps=1e-5):
    running = np.sqrt(running_var + eps)
    z = (x - running_mean) / running  # as in evaluation; then what the limits take away
    mean, std = z.mean(0), np.sqrt(x.var(0) + eps) / running
    r, d = np.clip(std, 1 / r_max, r_max), np.clip(mean, -d_max, d_max)
    return (z - mean) * (r / std) + d, r, d


RIGHT = [by_loops, in_place_on_a_copy, as_a_dict, as_a_list, by_logarithms, from_evaluation]


def _variant(**how):
    running_std = how.get("running", lambda var, eps: np.sqrt(var + eps))
    limit_r = how.get("limit_r", lambda r, most: np.clip(r, 1 / most, most))
    limit_d = how.get("limit_d", lambda d, most: np.clip(d, -most, most))
    ratio = how.get("ratio", lambda std, running: std / running)
    shift = how.get("shift", lambda mean, old, std, running: (mean - old) / running)
    output = how.get("output", lambda x_hat, r, d: x_hat * r + d)

    def answer(x, running_mean, running_var, r_max, d_max, eps=1e-5):
        mean, std = x.mean(0), np.sqrt(x.var(0, ddof=how.get("ddof", 0)) + eps)
        running = running_std(running_var, eps)
        r = limit_r(ratio(std, running), r_max)
        d = limit_d(shift(mean, running_mean, std, running), d_max)
        return output((x - mean) / std, r, d), r, d

    return answer


def evaluation(x, running_mean, running_var, r_max, d_max, eps=1e-5):
    std, running = np.sqrt(x.var(0) + eps), np.sqrt(running_var + eps)
    r = np.clip(std / running, 1 / r_max, r_max)
    d = np.clip((x.mean(0) - running_mean) / running, -d_max, d_max)
    return (x - running_mean) / running, r, d


def limits_the_difference(x, running_mean, running_var, r_max, d_max, eps=1e-5):
    std, running = np.sqrt(x.var(0) + eps), np.sqrt(running_var + eps)
    r = np.clip(std / running, 1 / r_max, r_max)
    d = np.clip(x.mean(0) - running_mean, -d_max, d_max) / running
    return (x - x.mean(0)) / std * r + d, r, d


def starts_from_the_running_ones(x, running_mean, running_var, r_max, d_max, eps=1e-5):
    y, r, d = evaluation(x, running_mean, running_var, r_max, d_max, eps)
    return y * r + d, r, d


def keeps_the_axis(x, running_mean, running_var, r_max, d_max, eps=1e-5):
    y, r, d = _variant()(x, running_mean, running_var, r_max, d_max, eps)
    return y, r[None], d[None]


def updates_the_running_mean(x, running_mean, running_var, r_max, d_max, eps=1e-5):
    result = _variant()(x, running_mean, running_var, r_max, d_max, eps)
    running_mean += 0.1 * (x.mean(0) - running_mean)
    return result


def one_pass(x, running_mean, running_var, r_max, d_max, eps=1e-5):
    mean = x.mean(0)
    std = np.sqrt((x**2).mean(0) - mean**2 + eps)
    running = np.sqrt(running_var + eps)
    r = np.clip(std / running, 1 / r_max, r_max)
    d = np.clip((mean - running_mean) / running, -d_max, d_max)
    return (x - mean) / std * r + d, r, d


def only_y(*args):
    return _variant()(*args)[0]


def plain_batch_norm(x, running_mean, running_var, r_max, d_max, eps=1e-5):
    y = (x - x.mean(0)) / np.sqrt(x.var(0) + eps)
    return y, np.ones(x.shape[1]), np.zeros(x.shape[1])


def each_row(x, running_mean, running_var, r_max, d_max, eps=1e-5):
    mean, std = x.mean(1, keepdims=True), np.sqrt(x.var(1, keepdims=True) + eps)
    running = np.sqrt(running_var + eps)
    r = np.clip(std / running, 1 / r_max, r_max)
    d = np.clip((mean - running_mean) / running, -d_max, d_max)
    return (x - mean) / std * r + d, r, d


def eps_outside_and_none_below_running(x, running_mean, running_var, r_max, d_max, eps=1e-5):
    mu = x.mean(axis=0)
    sigma = x.std(axis=0) + eps
    sigma_run = np.sqrt(running_var)
    r = np.clip(sigma / sigma_run, 1 / r_max, r_max)
    d = np.clip((mu - running_mean) / sigma_run, -d_max, d_max)
    return (x - mu) / sigma * r + d, r, d


def ratio_of_bare_variances(x, running_mean, running_var, r_max, d_max, eps=1e-5):
    mu, var = x.mean(0), x.var(0)
    r = np.clip(var / running_var, 1 / r_max, r_max)
    d = np.clip((mu - running_mean) / np.sqrt(running_var + eps), -d_max, d_max)
    return (x - mu) / np.sqrt(var + eps) * r + d, r, d


def eps_in_y_alone(x, running_mean, running_var, r_max, d_max, eps=1e-5):
    mu, std = x.mean(0), np.sqrt(running_var)
    r = np.clip(x.std(0) / std, 1 / r_max, r_max)
    d = np.clip((mu - running_mean) / std, -d_max, d_max)
    return (x - mu) / np.sqrt(x.var(0) + eps) * r + d, r, d


def running_statistics_moved_first(x, running_mean, running_var, r_max, d_max, eps=1e-5):
    momentum = 0.9
    mu, var = x.mean(axis=0), x.var(axis=0)
    running_mean = momentum * running_mean + (1 - momentum) * mu
    running_var = momentum * running_var + (1 - momentum) * var
    sigma, sigma_run = np.sqrt(var + eps), np.sqrt(running_var + eps)
    r = np.clip(sigma / sigma_run, 1 / r_max, r_max)
    d = np.clip((mu - running_mean) / sigma_run, -d_max, d_max)
    return (x - mu) / sigma * r + d, r, d


def centred_in_place(x, running_mean, running_var, r_max, d_max, eps=1e-5):
    mu = x.mean(axis=0)
    x -= mu
    sigma = np.sqrt((x**2).mean(axis=0) + eps)
    sigma_run = np.sqrt(running_var + eps)
    r = np.clip(sigma / sigma_run, 1 / r_max, r_max)
    d = np.clip((x.mean(axis=0) - running_mean) / sigma_run, -d_max, d_max)
    x /= sigma
    return x * r + d, r, d


WRONG = [
    (
        eps_outside_and_none_below_running,
        {"eps-outside-root", "eps-missing-beside-running-variance"},
    ),
    (ratio_of_bare_variances, {"r-of-variances"}),
    (eps_in_y_alone, {"eps-missing-in-r", "eps-missing-in-d"}),
    (running_statistics_moved_first, {"running-statistics-moved-first"}),
    (centred_in_place, {"d-without-batch-mean", "changes-input"}),
    (plain_batch_norm, {"renorm-without-correction"}),
    (each_row, {"per-sample-statistics"}),
    (_variant(ratio=lambda std, running: running / std), {"r-inverted"}),
    (_variant(shift=lambda mean, old, std, running: (old - mean) / running), {"d-sign"}),
    (_variant(shift=lambda mean, old, std, running: mean - old), {"d-not-divided"}),
    (
        _variant(shift=lambda mean, old, std, running: (mean - old) / std),
        {"d-divided-by-batch-deviation"},
    ),
    (_variant(limit_r=lambda r, most: np.clip(r, -most, most)), {"r-not-limited-below"}),
    (_variant(limit_r=lambda r, most: np.clip(r, 0, most)), {"r-not-limited-below"}),
    (_variant(limit_r=lambda r, most: r), {"r-not-limited"}),
    (_variant(limit_d=lambda d, most: np.clip(d, 0, most)), {"d-limited-to-zero"}),
    (
        _variant(limit_r=lambda r, most: r, limit_d=lambda d, most: d),
        {"r-not-limited", "d-not-limited"},
    ),
    (_variant(running=lambda var, eps: var), {"running-variance-for-deviation"}),
    (
        _variant(running=lambda var, eps: np.sqrt(var)),
        {"eps-missing-beside-running-variance"},
    ),
    (_variant(ddof=1), {"unbiased-variance"}),
    (_variant(output=lambda x_hat, r, d: r * (x_hat + d)), {"d-scaled-by-r"}),
    (_variant(output=lambda x_hat, r, d: x_hat), {"r-and-d-not-applied"}),
    (limits_the_difference, {"d-limited-before-division"}),
    (starts_from_the_running_ones, {"standardized-with-running-statistics"}),
    (evaluation, {"renorm-limits-not-applied"}),
    (keeps_the_axis, None),
    (updates_the_running_mean, {"changes-input"}),
    (one_pass, {"one-pass-variance"}),
    (only_y, {"wrong-count"}),
]
