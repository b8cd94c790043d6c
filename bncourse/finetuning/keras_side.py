"""Batch norms of Keras on PyTorch: their numbers read and written."""

from typing import TYPE_CHECKING, Any

from bncourse.finetuning.keras import keras
from bncourse.finetuning.numbers import Numbers

if TYPE_CHECKING:
    from keras.layers import BatchNormalization, Layer

MODEL = "model or layer of Keras"


def norms(model: "Layer") -> dict[str, "BatchNormalization"]:
    """Return the batch norms of a model by name, in the order of ``model.layers``."""
    kind = keras().layers.BatchNormalization
    return {layer.path: layer for layer in model._flatten_layers() if isinstance(layer, kind)}


def obstacle(norm: "BatchNormalization") -> str | None:
    """Return why a batch norm has no numbers that PyTorch knows, or None."""
    if not norm.built:
        return "it has not been built: call the model on a batch first"
    if norm.renorm:
        return "it has renorm=True, whose statistics are others: use batch norm without renorm"
    return None


def read(norm: "BatchNormalization") -> Numbers:
    """Return the `Numbers` of a batch norm; the tensors are its own."""
    # The momentum of Keras is the weight of what is kept.
    return Numbers(*_tensors(norm), eps=norm.epsilon, update_rate=1 - norm.momentum)


def write(norm: "BatchNormalization", numbers: Numbers) -> None:
    """Give a batch norm these `Numbers`."""
    numbers.copy_to(*_tensors(norm))
    norm.epsilon, norm.momentum = numbers.eps, 1 - numbers.update_rate  # pyrefly: ignore[unsupported-operation]


def _tensors(norm) -> list[Any]:
    variables = norm.gamma, norm.beta, norm.moving_mean, norm.moving_variance
    return [None if variable is None else variable.value for variable in variables]
