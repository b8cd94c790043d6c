"""Answers to the exercise as people write them: right ones in many styles, and wrong ones."""

import numpy as np


def in_one_line(met, means, momentum, size):
    k = size * (2 - momentum) / momentum
    z = [
        np.median(np.abs(x.mean(0) - m) / (x.std(0, ddof=1) * np.sqrt(1 / len(x) + 1 / k)))
        for x, m in zip(met, means, strict=True)
    ]
    return np.array(z), np.argmax(z)


def by_variances(met, means, momentum, size):
    result = np.zeros(len(met))
    for place in range(len(met)):
        x, n = met[place], len(met[place])
        var = x.var(axis=0, ddof=1)
        of_the_difference = var / n + var * momentum / ((2 - momentum) * size)
        squares = (x.mean(axis=0) - means[place]) ** 2 / of_the_difference
        result[place] = np.median(np.sqrt(squares))
    return result, int(result.argmax())


def by_loops(met, means, momentum, size):
    k, result = size * (2 / momentum - 1), []
    for x, mean in zip(met, means, strict=True):
        n, features, off = *x.shape, []
        for j in range(features):
            middle = sum(x[:, j]) / n
            s = (sum((value - middle) ** 2 for value in x[:, j]) / (n - 1)) ** 0.5
            off.append(abs(middle - mean[j]) / (s * (1 / n + 1 / k) ** 0.5))
        result.append(np.median(off))
    return result, result.index(max(result))


def as_a_dict(met, means, momentum, size):
    kept = 1 - momentum
    k = size * (1 + kept) / (1 - kept)

    def suspicion(x, mean):
        error = x.std(axis=0, ddof=1) * np.hypot(len(x) ** -0.5, k**-0.5)
        return np.median(np.abs((mean - x.mean(axis=0)) / error))

    found = np.array([suspicion(x, mean) for x, mean in zip(met, means, strict=True)])
    return {"found": found, "place": found.argmax()}


def by_the_harmonic_mean(met, means, momentum, size):
    k, found = size * (2 - momentum) / momentum, []
    for x, mean in zip(met, means, strict=True):
        n = x.shape[0]
        count = n * k / (n + k)
        z = np.sqrt(count) * (x.mean(axis=0) - mean) / x.std(axis=0, ddof=1)
        found.append(float(np.median(abs(z))))
    return np.asarray(found), max(range(len(found)), key=found.__getitem__)


RIGHT = [in_one_line, by_variances, by_loops, as_a_dict, by_the_harmonic_mean]


def written(worth=None, error=None, middle=None, ddof=1):
    """Return an answer with one part of it written otherwise."""

    def answer(met, means, momentum, size):
        k = worth(momentum, size) if worth else size * (2 - momentum) / momentum
        found = []
        for x, mean in zip(met, means, strict=True):
            s, n = x.std(axis=0, ddof=ddof), len(x)
            unit = error(s, n, k) if error else s * np.sqrt(1 / n + 1 / k)
            found.append((middle or np.median)(np.abs(x.mean(axis=0) - mean) / unit))
        return np.array(found), int(np.argmax(found))

    return answer


def with_signs(met, means, momentum, size):
    k = size * (2 - momentum) / momentum
    found = [
        np.median((x.mean(0) - m) / (x.std(0, ddof=1) * np.sqrt(1 / len(x) + 1 / k)))
        for x, m in zip(met, means, strict=True)
    ]
    return np.array(found), np.argmax(found)


def counted_from_1(met, means, momentum, size):
    found, place = in_one_line(met, means, momentum, size)
    return found, place + 1


def of_a_training_batch(met, means, momentum, size):
    k = size * (2 - momentum) / momentum
    found = [
        np.median(np.abs(a.mean(0) - m) / (a.std(0, ddof=1) * (1 / size + 1 / k) ** 0.5))
        for a, m in zip(met, means, strict=True)
    ]
    return np.array(found), int(np.argmax(found))


WRONG = [
    (written(worth=lambda m, size: size / m), {"suspects-one-over-momentum"}),
    (written(worth=lambda m, size: (2 - m) / m), {"suspects-batches-not-samples"}),
    (written(error=lambda s, n, k: s / n**0.5), {"suspects-running-mean-exact"}),
    (written(error=lambda s, n, k: s / k**0.5), {"suspects-sample-mean-exact"}),
    (written(error=lambda s, n, k: s / n**0.5 + s / k**0.5), {"suspects-errors-added"}),
    (written(error=lambda s, n, k: s), {"suspects-in-deviations"}),
    (written(ddof=0), {"suspects-biased"}),
    (written(middle=np.mean), {"suspects-mean-for-median"}),
    (written(middle=np.max), {"suspects-largest-feature"}),
    (with_signs, {"suspects-sign-kept"}),
    (counted_from_1, {"suspects-counted-from-1"}),
    (of_a_training_batch, {"suspects-size-for-n"}),
]
