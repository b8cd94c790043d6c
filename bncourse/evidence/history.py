"""What several runs recorded, as plain arrays."""

from collections.abc import Mapping, Sequence
from typing import Any

import attrs
import numpy as np

from bncourse.evidence.settings import Settings


class History:
    """The record of every seed of every configuration.

    All arrays begin with the axes (config, seed). A member that diverges stays in all of them. Its
    loss is inf or nan; its accuracy is a number, for it always guesses some class.

    Parameters
    ----------
    configs : sequence of Settings
        in the order of the first axis
    seeds : sequence of int
        in the order of the second axis
    arrays : dict of str to ndarray
        (config, seed, ...)
    times : dict of str to sequence of int
        see the attribute
    axes : dict of str to str
        the name of the time along the third axis of an array, for those that have one
    steps : sequence of int
        of the optimizer, in each configuration
    interrupted : bool
        by the keyboard: what was not reached is nan

    Attributes
    ----------
    configs, seeds, steps, interrupted
        as above
    times : dict of str to list of int
        the numbers along the third axis: ``epoch`` from 0, before training; ``step`` from 0;
        ``probed``, the steps before which probes looked, and the number of steps at the end

    Notes
    -----
    Arrays that are always there: ``validation_loss`` and ``validation_accuracy`` (config, seed,
    epoch), before training and after each epoch; ``epoch_loss`` (config, seed, epochs), the mean
    of the batches' losses in each; ``diverged`` (config, seed), true where a loss was not finite.
    With ``test=True``, ``test_loss`` and ``test_accuracy`` (config, seed); with ``losses=True``,
    ``train_loss`` (config, seed, step), of each batch before its step. The rest is what probes,
    measurements and steps returned.
    """

    def __init__(
        self,
        configs: Sequence[Settings],
        seeds: Sequence[int],
        arrays: Mapping[str, np.ndarray],
        times: Mapping[str, Sequence[int]],
        axes: Mapping[str, str],
        steps: Sequence[int],
        interrupted: bool = False,
    ) -> None:
        self.configs, self.seeds = list(configs), list(seeds)
        self.arrays, self.axes = dict(arrays), dict(axes)
        self.times = {name: list(numbers) for name, numbers in times.items()}
        self.steps, self.interrupted = list(steps), interrupted

    def __getitem__(self, name: str) -> np.ndarray:
        """Return one of the arrays, (config, seed, ...)."""
        if name not in self.arrays:
            raise KeyError(f"{name!r} was not recorded: choose from {', '.join(self.arrays)}")
        return self.arrays[name]

    def __contains__(self, name: str) -> bool:
        """Return whether there is such an array."""
        return name in self.arrays

    def __repr__(self) -> str:
        """Return a summary."""
        configs, seeds = len(self.configs), len(self.seeds)
        return (
            f"History of {configs} configurations and {seeds} seeds"
            f"{', interrupted' * self.interrupted}: {int(self['diverged'].sum())} of "
            f"{configs * seeds} runs diverged\narrays: {', '.join(self.arrays)}"
        )

    def select(self, **settings: Any) -> "History":
        """Return the history of the configurations with these settings.

        Raises
        ------
        AttributeError
            A setting is unknown.
        ValueError
            No configuration has these settings.
        """
        self._require_settings(settings)
        chosen = [
            number
            for number, config in enumerate(self.configs)
            if all(getattr(config, name) == value for name, value in settings.items())
        ]
        if not chosen:
            raise ValueError(f"no configuration has {settings}, the first is {self.configs[0]}")
        return History(
            [self.configs[number] for number in chosen],
            self.seeds,
            {name: array[chosen] for name, array in self.arrays.items()},
            self.times,
            self.axes,
            [self.steps[number] for number in chosen],
            self.interrupted,
        )

    def of(self, name: str, **settings: Any) -> np.ndarray:
        """Return an array of the one configuration with these settings, (seed, ...).

        Raises
        ------
        AttributeError, KeyError, ValueError
            as `select`; or several configurations have these settings
        """
        found = self.select(**settings)
        if len(found.configs) > 1:
            raise ValueError(
                f"{len(found.configs)} configurations have {settings}: name more of the settings "
                "that differ"
            )
        return found[name][0]

    def values(self, setting: str) -> list[Any]:
        """Return the values of a setting that occur, sorted, None last: an axis of `table`."""
        self._require_settings([setting])
        return sorted({getattr(config, setting) for config in self.configs}, key=_order)

    def table(self, name: str, *settings: str) -> np.ndarray:
        """Return an array with an axis for each of the settings in place of ``config``.

        Parameters
        ----------
        name : str
            of the array
        *settings : str
            names of settings that together tell all configurations apart

        Returns
        -------
        ndarray
            over the settings, each in the order of `values`, seed, and what else the array has;
            nan where no configuration has these settings

        Raises
        ------
        AttributeError
            A setting is unknown.
        KeyError
            There is no such array.
        ValueError
            No setting is named, or two configurations have the same values of these settings.
        """
        axes = [self.values(setting) for setting in settings]
        keys = [tuple(getattr(config, s) for s in settings) for config in self.configs]
        if not settings or len(set(keys)) < len(keys):
            raise ValueError(
                f"the settings {settings} do not tell all configurations apart: name more of the "
                "settings that differ, or `select` first"
            )
        array = self[name]
        table = np.full((*map(len, axes), *array.shape[1:]), np.nan)
        for key, values in zip(keys, array, strict=True):
            table[tuple(axis.index(value) for axis, value in zip(axes, key, strict=True))] = values
        return table

    def _require_settings(self, names):
        allowed = [field.name for field in attrs.fields(type(self.configs[0]))]
        for name in names:
            if name not in allowed:
                raise AttributeError(f"unknown setting {name!r}: choose from {', '.join(allowed)}")


def _order(value):
    """Sort numbers by size and all else by name, None last."""
    if value is None:
        return (2, 0, "")
    if isinstance(value, int | float):
        return (0, value, "")
    return (1, 0, getattr(value, "__name__", str(value)))
