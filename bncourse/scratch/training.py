"""A pass back through a network, a step of training, and how well it went."""

import numpy as np

from bncourse.scratch.arguments import require_labels
from bncourse.scratch.layers import Layer
from bncourse.scratch.losses import softmax_cross_entropy, softmax_cross_entropy_backward
from bncourse.scratch.optim import SGD


def backpropagate(network: Layer, x: np.ndarray, labels: np.ndarray) -> np.floating:
    """Return the cross-entropy of a batch, and leave its gradients in the network.

    They are then in ``network.parameters`` and, where it is a ``Sequential``, in
    ``network.output_grads``. No parameter moves, and the mode stays as it is.

    Parameters
    ----------
    network : Layer
        its output are logits, ``(N, classes)``
    x : ndarray, ``(N, ...)``
        the network's input
    labels : ndarray of int, ``(N,)``
        from 0 to ``classes - 1``

    Returns
    -------
    floating scalar
        the loss; unit: nat
    """
    loss, cache = softmax_cross_entropy(network.forward(x), labels)
    network.backward(softmax_cross_entropy_backward(1.0, cache))
    return loss


def train_step(network: Layer, optimizer: SGD, x: np.ndarray, labels: np.ndarray) -> np.floating:
    """Take one step of gradient descent on the cross-entropy of a batch, in training mode.

    Parameters
    ----------
    network : Layer
        its output are logits, ``(N, classes)``; it is left in training mode
    optimizer : SGD
        of the network's parameters
    x : ndarray, ``(N, ...)``
        the network's input
    labels : ndarray of int, ``(N,)``
        from 0 to ``classes - 1``

    Returns
    -------
    floating scalar
        the loss before the step; unit: nat
    """
    loss = backpropagate(network.train(), x, labels)
    optimizer.step()
    return loss


def accuracy(network: Layer, x: np.ndarray, labels: np.ndarray) -> float:
    """Return the part of the samples whose largest logit is at the label, in evaluation mode.

    Parameters
    ----------
    network : Layer
        its output are logits, ``(N, classes)``; it is left in evaluation mode
    x : ndarray, ``(N, ...)``
        the network's input
    labels : ndarray of int, ``(N,)``
        from 0 to ``classes - 1``

    Returns
    -------
    float
        from 0 to 1; unit: 1

    Raises
    ------
    TypeError
        ``labels`` are not integers.
    ValueError
        ``labels`` are not one for each sample, there is no sample, or a label is out of range.
    """
    logits, labels = network.eval().forward(x), np.asarray(labels)
    require_labels(logits, labels)
    return float(np.mean(logits.argmax(axis=1) == labels))
