"""One piece of evidence: what was measured, and the margins that it was judged by."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Evidence:
    """One piece of evidence.

    Attributes
    ----------
    label : str
        what was measured
    shown : str
        what a reader sees of it
    data : dict, float, int or str
        the fields of an estimate, a plain number, or an exact fact in words
    margins : tuple of float
        the numbers that an estimate was judged by
    """

    label: str
    shown: str
    data: dict | float | int | str
    margins: tuple[float, ...] = ()
