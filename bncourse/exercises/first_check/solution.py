"""Evaluation mode comes first: a single call in training mode moves the running statistics, and what
evaluation mode then gives is no longer about the network as it was given. Good in training mode and
poor in evaluation mode, for the same samples: the statistics are wrong. Poor in both: the network
is. And where company moves a score in evaluation mode, some layer still looks at the batch.
"""

import numpy as np


def my_first_check(network, x, labels):
    among = network(x, False)
    rows = [network(x[i : i + 1], False) for i in range(len(x))]
    alone = np.concatenate(rows)
    company = np.abs(alone - among).max()
    evaluated = np.mean(among.argmax(axis=1) == labels)
    trained = np.mean(network(x, True).argmax(axis=1) == labels)
    return trained, evaluated, company
