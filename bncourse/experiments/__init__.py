"""Experiments over many seeds: trained all at once, paired, with a record of everything.

A ``Config`` says what is run, ``grid`` makes many of them, ``run`` trains every seed of each and
returns a ``History``, ``tuned`` chooses the learning rate of each arm. Results that the repository
holds are returned without training, and without PyTorch, which is imported when it is needed.
"""

from importlib import import_module
from typing import Any

from bncourse.evidence import Config, History, grid
from bncourse.experiments.sweep import run
from bncourse.experiments.tuning import tuned

WITH_TORCH = {"Stack": "stack", "member_losses": "stack", "probes": "probes"}

__all__ = ["Config", "History", "Stack", "grid", "member_losses", "probes", "run", "tuned"]


def __getattr__(name: str) -> Any:
    """Import what needs PyTorch when it is asked for."""
    if name not in WITH_TORCH:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = import_module(f"{__name__}.{WITH_TORCH[name]}")
    return module if name == "probes" else getattr(module, name)
