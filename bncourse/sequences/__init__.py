"""Small causal Transformers on text: many at once, trained by ``bncourse.experiments``.

A ``Transformer`` says what is run, as a ``Config`` does for other networks; ``run`` and ``tuned``
of ``bncourse.experiments`` take both. What computes needs PyTorch, and is imported when needed.
"""

from importlib import import_module
from typing import Any

from bncourse.sequences.config import Transformer

WITH_TORCH = {
    "Decoder": "network",
    "DynamicTanh": "norms",
    "TextStack": "stack",
    "branch_gradients": "probes",
    "in_training_mode": "probes",
}

__all__ = ["Transformer", *WITH_TORCH]


def __getattr__(name: str) -> Any:
    """Import what needs PyTorch when it is asked for."""
    if name not in WITH_TORCH:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{WITH_TORCH[name]}"), name)
