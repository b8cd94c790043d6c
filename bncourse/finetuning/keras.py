"""Keras, on PyTorch: imported when it is needed, for that takes seconds."""

import os
from types import ModuleType

from bncourse.extras import lacking


def keras() -> ModuleType:
    """Return the module ``keras``.

    Raises
    ------
    ModuleNotFoundError
        It is not installed.
    RuntimeError
        It was imported before, and computes with something else than PyTorch.
    """
    if error := lacking("bncourse.finetuning", "keras", extra="finetuning"):
        raise error
    os.environ.setdefault("KERAS_BACKEND", "torch")
    import keras

    if keras.backend.backend() != "torch":
        raise RuntimeError(
            f"Keras computes with {keras.backend.backend()} here: set the environment variable "
            "KERAS_BACKEND to torch before keras is imported"
        )
    return keras
