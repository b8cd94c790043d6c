"""Answers to the exercise as people write them: right ones in many styles, and wrong ones."""

import numpy as np


def by_a_helper(network, x, labels):
    def right(scores):
        return np.mean(np.argmax(scores, axis=1) == labels)

    batch = network(x, False)
    single = np.vstack([network(row[None], False) for row in x])
    return right(network(x, True)), right(batch), np.max(np.abs(single - batch))


def by_loops(network, x, labels):
    batch, farthest, hits = network(x, False), 0.0, 0
    for i in range(len(x)):
        alone = network(x[i : i + 1], False)[0]
        farthest = max(farthest, *(abs(a - b) for a, b in zip(alone, batch[i], strict=True)))
        hits += batch[i].argmax() == labels[i]
    in_training = network(x, True)
    counted = sum(in_training[i].argmax() == labels[i] for i in range(len(x)))
    return counted / len(x), hits / len(x), farthest


def as_a_dict(network, x, labels):
    batch = network(x, training=False)
    alone = np.array([network(x[[i]], training=False)[0] for i in range(len(x))])
    evaluated = (batch.argmax(1) == labels).mean()
    trained = (network(x, training=True).argmax(1) == labels).mean()
    return {"company": abs(alone - batch).max(), "evaluated": evaluated, "trained": trained}


def with_split(network, x, labels):
    batch = network(x, False)
    parts = [network(part, False) for part in np.split(x, len(x))]
    company = np.ptp(np.stack([np.concatenate(parts), batch]), axis=0).max()
    evaluated = np.count_nonzero(batch.argmax(-1) == labels) / labels.size
    return np.count_nonzero(network(x, True).argmax(-1) == labels) / labels.size, evaluated, company


def with_a_norm(network, x, labels):
    batch = network(x, False)
    alone = np.concatenate([network(x[i : i + 1], False) for i in range(x.shape[0])])
    change = np.linalg.norm((alone - batch).ravel(), np.inf)
    hits = [np.equal(s.argmax(1), labels).mean() for s in (batch, network(x, True))]
    return hits[1], hits[0], change


RIGHT = [by_a_helper, by_loops, as_a_dict, with_split, with_a_norm]


def training_first(network, x, labels):
    trained = np.mean(network(x, True).argmax(1) == labels)
    batch = network(x, False)
    alone = np.concatenate([network(x[i : i + 1], False) for i in range(len(x))])
    return trained, np.mean(batch.argmax(1) == labels), np.abs(alone - batch).max()


def never_in_training_mode(network, x, labels):
    batch = network(x, False)
    alone = np.concatenate([network(x[i : i + 1], False) for i in range(len(x))])
    share = np.mean(batch.argmax(1) == labels)
    return share, share, np.abs(alone - batch).max()


def wrong_way_round(network, x, labels):
    batch = network(x, False)
    alone = np.concatenate([network(x[i : i + 1], False) for i in range(len(x))])
    evaluated = np.mean(batch.argmax(1) == labels)
    return evaluated, np.mean(network(x, True).argmax(1) == labels), np.abs(alone - batch).max()


def on_average(network, x, labels):
    batch = network(x, False)
    alone = np.concatenate([network(x[i : i + 1], False) for i in range(len(x))])
    evaluated = np.mean(batch.argmax(1) == labels)
    return np.mean(network(x, True).argmax(1) == labels), evaluated, abs(alone - batch).mean()


def by_the_answers(network, x, labels):
    batch = network(x, False)
    alone = [network(x[i : i + 1], False).argmax() for i in range(len(x))]
    evaluated = np.mean(batch.argmax(1) == labels)
    changed = np.mean(np.array(alone) != batch.argmax(1))
    return np.mean(network(x, True).argmax(1) == labels), evaluated, changed


def the_first_alone(network, x, labels):
    batch = network(x, False)
    company = np.abs(network(x[:1], False) - batch[:1]).max()
    evaluated = np.mean(batch.argmax(1) == labels)
    return np.mean(network(x, True).argmax(1) == labels), evaluated, company


def in_per_cent(network, x, labels):
    batch = network(x, False)
    alone = np.concatenate([network(x[i : i + 1], False) for i in range(len(x))])
    evaluated = 100 * np.mean(batch.argmax(1) == labels)
    trained = 100 * np.mean(network(x, True).argmax(1) == labels)
    return trained, evaluated, np.abs(alone - batch).max()


def no_absolute_value(network, x, labels):
    batch = network(x, False)
    alone = np.concatenate([network(x[i : i + 1], False) for i in range(len(x))])
    evaluated = np.mean(batch.argmax(1) == labels)
    return np.mean(network(x, True).argmax(1) == labels), evaluated, (alone - batch).max()


def one_after_the_other(network, x, labels):
    evaluated, trained = network(x, False), network(x, True)
    alone = np.stack([network(x[i][None], False)[0] for i in range(len(x))])
    share = [float((s.argmax(1) == labels).mean()) for s in (trained, evaluated)]
    return *share, float(np.abs(alone - evaluated).max())


def alone_in_training_mode(network, x, labels):
    e = network(x, False)
    t = network(x, True)
    moves = [np.abs(network(x[i : i + 1], True)[0] - t[i]).max() for i in range(len(x))]
    return (t.argmax(1) == labels).mean(), (e.argmax(1) == labels).mean(), max(moves)


def two_differences_at_once(network, x, labels):
    e = network(x, False)
    alone = np.vstack([network(row[None], False) for row in x])
    t = network(x, True)
    return (t.argmax(1) == labels).mean(), (e.argmax(1) == labels).mean(), np.abs(alone - t).max()


def length_of_the_move(network, x, labels):
    e = network(x, False)
    moves = [np.linalg.norm(network(x[i : i + 1], False)[0] - e[i]) for i in range(len(x))]
    t = network(x, True)
    return (t.argmax(1) == labels).mean(), (e.argmax(1) == labels).mean(), max(moves)


WRONG = [
    (training_first, {"check-training-first"}),
    (never_in_training_mode, {"check-in-evaluation-alone"}),
    (wrong_way_round, {"check-order"}),
    (on_average, {"check-company-mean"}),
    (by_the_answers, {"check-company-answers"}),
    (the_first_alone, {"check-company-first"}),
    (in_per_cent, {"check-percent"}),
    (no_absolute_value, {"check-company-sign"}),
    (one_after_the_other, {"check-training-between"}),
    (alone_in_training_mode, {"check-company-all-in-training"}),
    (two_differences_at_once, {"check-company-alone-and-training"}),
    (length_of_the_move, {"check-company-length"}),
]
