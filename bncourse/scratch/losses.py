"""The loss for classification."""

from typing import NamedTuple

import numpy as np

from bncourse.scratch.arguments import (
    require_array,
    require_cache,
    require_labels,
    require_number,
)


class CrossEntropyCache(NamedTuple):
    """What ``softmax_cross_entropy`` leaves for ``softmax_cross_entropy_backward``."""

    probabilities: np.ndarray
    labels: np.ndarray
    function: str = "softmax_cross_entropy"


def softmax_cross_entropy(
    logits: np.ndarray, labels: np.ndarray
) -> tuple[np.floating, CrossEntropyCache]:
    """Return the mean negative log-probability of the labels under a softmax.

    ``loss = mean(log(sum(exp(logits))) - logits[label])``, the mean over samples. The largest
    logit of each sample is subtracted first, so that ``exp`` cannot overflow; the loss does not
    change.

    Parameters
    ----------
    logits : ndarray, ``(N, classes)``
        float32 or float64; unit: nat
    labels : ndarray of int, ``(N,)``
        from 0 to ``classes - 1``

    Returns
    -------
    loss : floating scalar
        dtype of logits; unit: nat
    cache : CrossEntropyCache
        for ``softmax_cross_entropy_backward``

    Raises
    ------
    TypeError
        logits are not floating, or labels not integer.
    ValueError
        the shapes do not fit, the batch is empty, or a label is out of range.
    """
    require_array("logits", logits)
    labels = np.asarray(labels)
    require_labels(logits, labels)
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_sum = np.log(np.exp(shifted).sum(axis=1))
    loss = (log_sum - shifted[np.arange(len(labels)), labels]).mean()
    return loss, CrossEntropyCache(np.exp(shifted - log_sum[:, None]), labels)


def softmax_cross_entropy_backward(grad: float, cache: CrossEntropyCache) -> np.ndarray:
    """Return dL/dlogits: ``grad * (probabilities - one_hot(labels)) / N``.

    Parameters
    ----------
    grad : float
        dL/dloss, 1 where the loss is the end of the chain
    cache : CrossEntropyCache
        from ``softmax_cross_entropy``

    Returns
    -------
    ndarray, ``(N, classes)``
        dtype of logits; unit: that of grad
    """
    require_cache(cache, "softmax_cross_entropy")
    probabilities, labels, _ = cache
    dlogits = probabilities.copy()
    dlogits[np.arange(len(labels)), labels] -= 1
    dlogits *= require_number("grad", grad, low=-np.inf) / len(labels)
    return dlogits
