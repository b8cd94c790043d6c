"""What all configurations have in common, and the kinds of settings that they are made of."""

from collections.abc import Iterable
from numbers import Real
from typing import Any, ClassVar, Self, TypeVar

import attrs
import numpy as np
from attrs import field, validators

from bncourse.scratch.arguments import require_count, require_number

Value = TypeVar("Value")


def function(_: object, attribute: attrs.Attribute, value: object) -> None:
    """Validate what makes data: a function from a seed to Splits."""
    if not callable(value):
        raise TypeError(
            f"{attribute.name} must be a function from a seed to Splits, got {value!r}: "
            "pass for example bncourse.data.digits"
        )


def _one_of(*allowed, factory=""):
    """Return a validator: one of the allowed values or, where ``factory`` says so, a factory."""
    names = ", ".join(map(str, allowed)) + (f", or a factory ({factory})" if factory else "")

    def check(_, attribute, value):
        named = isinstance(value, str | None) and value in allowed
        if not (named or (factory and callable(value))):
            raise ValueError(f"{attribute.name} must be one of {names}, got {value!r}")

    return check


def _count(_, attribute, value):
    require_count(attribute.name, value)


def _number(low, high):
    def check(_, attribute, value):
        if not isinstance(value, Real) or isinstance(value, bool):
            raise TypeError(f"{attribute.name} must be a number, got {value!r}")
        require_number(attribute.name, value, low, high)

    return check


def _whole(value):
    """Return an integer of NumPy as one of Python: equal settings are written alike."""
    return int(value) if isinstance(value, np.integer) else value


def _decimal(value):
    """Return any real number as a float: equal settings are written alike."""
    return float(value) if isinstance(value, Real) and not isinstance(value, bool) else value


def choice(default: Value, *others: Value, factory: str = "") -> Value:
    """Return a setting that is one of some values or, where ``factory`` says so, a factory."""
    return field(default=default, validator=_one_of(default, *others, factory=factory))


def counted(default: Value, optional: bool = False) -> Value:
    """Return a setting that counts something; with ``optional`` it may be None."""
    validator = validators.optional(_count) if optional else _count
    return field(default=default, converter=_whole, validator=validator)  # pyrefly: ignore[bad-return]


def real(default: float, low: float = 0, high: float = 1e6) -> float:
    """Return a setting that is a number from ``low`` to ``high``."""
    return field(default=default, converter=_decimal, validator=_number(low, high))


@attrs.frozen(kw_only=True)
class Settings:
    """Every setting of a run but its seed, validated and never changed.

    Attributes
    ----------
    stack : str
        the class that trains many at once, as "module:name": it needs PyTorch, and is imported
        when something is computed
    per_member : tuple of str
        settings in which the members of one stack may differ: they change no shape
    """

    stack: ClassVar[str]
    per_member: ClassVar[tuple]

    def __new__(cls, **settings: Any) -> Self:
        """Name what is allowed when a setting is not."""
        allowed = [each.name for each in attrs.fields(cls)]
        for name in settings:
            if name not in allowed:
                raise TypeError(f"unknown setting {name!r}: choose from {', '.join(allowed)}")
        return super().__new__(cls)

    def __attrs_post_init__(self) -> None:
        for wrong, message in self._contradictions():
            if wrong:
                raise ValueError(message)

    def _contradictions(self) -> Iterable[tuple[object, str]]:
        """Yield conditions that must not be, each with what to do about it."""
        return ()

    def replace(self, **settings: Any) -> Self:
        """Return the same configuration but for the named settings, validated as a new one."""
        return attrs.evolve(self, **settings)

    def usual(self, *names: str) -> Self:
        """Return the same configuration with the named settings as they usually are."""
        fields = attrs.fields_dict(type(self))
        return self.replace(**{name: fields[name].default for name in names})

    def stackable(self) -> Self:
        """Return what configurations must have in common to be trained as one stack."""
        return self.usual(*self.per_member)
