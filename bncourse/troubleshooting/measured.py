"""One measurement, beside what it is judged by."""

from dataclasses import dataclass, field
from math import inf, isnan
from typing import Any


@dataclass(frozen=True)
class Measured:
    """A number that was measured somewhere, and whether it tells of trouble.

    Attributes
    ----------
    layer : str
        where; empty for the model as a whole
    value, limit : float
        what was measured, and what it is judged by
    found : bool
        whether it is beyond the limit
    certain : bool
        whether it is trouble wherever the model is used; if not, it depends on what is meant
    facts : dict
        what else the sentences tell
    weighs : float or None
        how many times its limit what comes of it is, where the value does not tell
    """

    layer: str
    value: float
    limit: float
    found: bool
    certain: bool = True
    facts: dict = field(default_factory=dict)
    weighs: float | None = None

    @property
    def weight(self) -> float:
        """How many times the limit it is, whichever side is the wrong one."""
        if self.weighs is not None:
            return self.weighs
        low, high = sorted((abs(self.value), abs(self.limit)))
        if isnan(self.value) or not low:
            return inf
        return high / low


def above(
    layer: str,
    value: float,
    limit: float,
    only_if: bool = True,
    certain: bool = True,
    weighs: float | None = None,
    **facts: Any,
) -> Measured:
    """Return a measurement that is trouble above its limit, or where it is no number."""
    return Measured(layer, value, limit, only_if and not value <= limit, certain, facts, weighs)


def below(
    layer: str,
    value: float,
    limit: float,
    only_if: bool = True,
    certain: bool = True,
    weighs: float | None = None,
    **facts: Any,
) -> Measured:
    """Return a measurement that is trouble below its limit."""
    return Measured(layer, value, limit, only_if and value < limit, certain, facts, weighs)
