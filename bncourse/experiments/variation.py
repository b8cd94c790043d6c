"""What may differ between two runs of one experiment: rounding, and the seeds."""

import os
from dataclasses import dataclass
from typing import Self

VARIATION = "BNCOURSE_VARIATION"  # environment variable, such as "jitter=1,seeds=1000"

OWN = 1000  # jitters that a run may ask for itself


@dataclass(frozen=True)
class Variation:
    """How a run departs from the one that is stored.

    Attributes
    ----------
    jitter : int
        moves every initial weight by about a unit in the last place, each number in its own way:
        what another processor does to a run; 0 moves nothing
    seeds : int
        is added to every seed
    """

    jitter: int = 0
    seeds: int = 0

    @classmethod
    def asked_for(cls) -> Self:
        """Return the variation that BNCOURSE_VARIATION asks for.

        Raises
        ------
        ValueError
            The variable is not of the form ``name=number,name=number``.
        """
        said = os.environ.get(VARIATION, "")
        try:
            pairs = [pair.split("=") for pair in said.split(",") if pair]
            return cls(**{name.strip(): int(number) for name, number in pairs})
        except (TypeError, ValueError):
            raise ValueError(
                f"{VARIATION} is {said!r}: write for example 'jitter=1,seeds=1000'"
            ) from None

    def of(self, jitter: int) -> int:
        """Return the jitter of a run that has one of its own already."""
        return jitter + OWN * self.jitter

    def __bool__(self) -> bool:
        """Return whether anything differs."""
        return bool(self.jitter or self.seeds)
