"""Answers to the exercise as people write them: right ones in many styles, and wrong ones."""

import numpy as np


def in_an_array(values, update_rate):
    averages, average = np.empty(values.shape), 0
    for t in range(len(values)):
        average = average + update_rate * (values[t] - average)
        averages[t] = average / (1 - (1 - update_rate) ** (t + 1))
    return averages


def with_weights(values, update_rate):
    t = np.arange(len(values))
    weights = np.tril((1 - update_rate) ** np.abs(t[:, None] - t))
    return weights @ values / weights.sum(axis=1, keepdims=True)


def with_a_growing_rate(values, update_rate):
    """Take steps of u / (1 - (1 - u)^t) from average to average."""
    averages = [values[0]]
    for t in range(2, len(values) + 1):
        rate = update_rate / (1 - (1 - update_rate) ** t)
        averages.append((1 - rate) * averages[-1] + rate * values[t - 1])
    return np.stack(averages)


def with_a_second_average_of_ones(values, update_rate):
    average, weight, averages = np.zeros(values.shape[1]), 0.0, []
    for batch in values:
        average = (1 - update_rate) * average + update_rate * batch
        weight = (1 - update_rate) * weight + update_rate
        averages.append(average / weight)
    return np.vstack(averages)


def corrected_at_the_end(values, update_rate):
    averages = np.zeros((len(values) + 1, values.shape[1]))
    for t, batch in enumerate(values):
        averages[t + 1] = (1 - update_rate) * averages[t] + update_rate * batch
    steps = np.arange(1, len(values) + 1).reshape(-1, 1)
    return averages[1:] / -np.expm1(steps * np.log1p(-update_rate))


RIGHT = [
    in_an_array,
    with_weights,
    with_a_growing_rate,
    with_a_second_average_of_ones,
    corrected_at_the_end,
]


def like_adam_with_beta(values, update_rate):
    average, averages = 0.0, []
    for t, batch in enumerate(values, 1):
        average = update_rate * average + (1 - update_rate) * batch
        averages.append(average / (1 - update_rate**t))
    return np.array(averages)


def off_by_one(values, update_rate):
    average, averages = 0.0, []
    for t, batch in enumerate(values):
        average = (1 - update_rate) * average + update_rate * batch
        averages.append(average / (1 - (1 - update_rate) ** t))
    return np.array(averages)


def fed_back(values, update_rate):
    average, averages = 0.0, []
    for t, batch in enumerate(values, 1):
        average = (1 - update_rate) * average + update_rate * batch
        average = average / (1 - (1 - update_rate) ** t)
        averages.append(average)
    return np.array(averages)


def precedence(values, update_rate):
    average, averages = 0.0, []
    for t, batch in enumerate(values, 1):
        average = (1 - update_rate) * average + update_rate * batch
        averages.append(average / 1 - (1 - update_rate) ** t)
    return np.array(averages)


def only_the_last(values, update_rate):
    return in_an_array(values, update_rate)[-1]


def a_list(values, update_rate):
    return list(in_an_array(values, update_rate))


def in_place(values, update_rate):
    average = np.zeros(values.shape[1])
    for t in range(len(values)):
        average = (1 - update_rate) * average + update_rate * values[t]
        values[t] = average / (1 - (1 - update_rate) ** (t + 1))
    return values


def by_a_closed_form(values, update_rate):
    keep = (1 - update_rate) ** np.arange(1, len(values) + 1)[:, None]
    return update_rate * np.cumsum(values / keep, axis=0) * keep / (1 - keep)


def not_corrected_for_long(values, update_rate):
    average, averages = 0.0, []
    for t, batch in enumerate(values, 1):
        average = (1 - update_rate) * average + update_rate * batch
        averages.append(average / (1 - (1 - update_rate) ** t) if t < 100 else average)
    return np.array(averages)


def in_an_array_like_the_values(values, update_rate):
    averages, average = np.zeros_like(values), 0
    for t in range(len(values)):
        average = (1 - update_rate) * average + update_rate * values[t]
        averages[t] = average / (1 - (1 - update_rate) ** (t + 1))
    return averages


def one_array(values, update_rate):
    average, averages = np.zeros(values.shape[1]), []
    for batch in values:
        average *= 1 - update_rate
        average += update_rate * batch
        averages.append(average)
    steps = np.arange(1, len(values) + 1)[:, None]
    return np.array(averages) / (1 - (1 - update_rate) ** steps)


def newest_first(values, update_rate):
    return in_an_array(values[::-1], update_rate)[::-1].copy()


def one_behind(values, update_rate):
    return np.vstack([np.zeros(values.shape[1]), in_an_array(values, update_rate)[:-1]])


def pytorch_default_in_the_correction(values, update_rate):
    average, averages = 0.0, []
    for t, batch in enumerate(values, 1):
        average = (1 - update_rate) * average + update_rate * batch
        averages.append(average / (1 - 0.9**t))
    return np.array(averages)


def weights_newest_first(values, update_rate):
    out = np.empty(values.shape, dtype=float)
    for t in range(1, len(values) + 1):
        w = (1 - update_rate) ** np.arange(t)
        out[t - 1] = np.average(values[:t], axis=0, weights=w)
    return out


def product_instead_of_division(values, update_rate):
    avg = 0
    rows = []
    for t, v in enumerate(values):
        avg = update_rate * avg + (1 - update_rate) * v
        rows.append(avg * (1 - update_rate ** (t + 1)))
    return np.array(rows)


def rate_that_falls(values, update_rate):
    out, running = [], 0.0
    for t, batch in enumerate(values):
        u = max(update_rate, 1 / (t + 1))
        running = running + u * (batch - running)
        out.append(running)
    return np.stack(out)


WRONG = [
    (like_adam_with_beta, {"rate-read-as-kept"}),
    (off_by_one, {"steps-counted-from-zero"}),
    (fed_back, {"corrected-average-fed-back"}),
    (precedence, {"brackets-missing"}),
    (only_the_last, {"only-the-last-average"}),
    (in_place, {"changes-input", "averages-cut-to-whole-numbers"}),
    (by_a_closed_form, {"powers-of-kept-vanish"}),
    (not_corrected_for_long, {"right-for-a-few-steps"}),
    (in_an_array_like_the_values, {"averages-cut-to-whole-numbers"}),
    (one_array, {"one-average-many-times"}),
    (newest_first, {"newest-batches-first"}),
    (one_behind, {"averages-without-own-batch"}),
    (pytorch_default_in_the_correction, {"rate-fixed-in-correction"}),
    (weights_newest_first, {"oldest-weighs-most"}),
    (product_instead_of_division, {"rate-read-as-kept", "multiplied-by-correction"}),
    (rate_that_falls, {"plain-mean-first"}),
]

# Right, and earning a remark.
UNWISE = [a_list]
