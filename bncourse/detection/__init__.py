"""Small detectors, which find a digit in a larger image: many at once, two images a device.

A ``Detector`` says what is run, as a ``Config`` does for other networks; ``run`` and ``tuned`` of
``bncourse.experiments`` take both. What computes needs PyTorch, and is imported when needed.
"""

from importlib import import_module
from typing import Any

from bncourse.detection.config import Detector
from bncourse.detection.scenes import portraits, scenes

WITH_TORCH = {
    "DetectorStack": "stack",
    "classifier": "pretraining",
    "named_and_found": "measures",
    "with_other_statistics": "measures",
}

__all__ = ["Detector", "portraits", "scenes", *WITH_TORCH]


def __getattr__(name: str) -> Any:
    """Import what needs PyTorch when it is asked for."""
    if name not in WITH_TORCH:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{WITH_TORCH[name]}"), name)
