"""What several runs recorded, as labelled arrays."""

from dataclasses import fields

import pandas as pd
import xarray as xr

from bncourse.experiments.config import Config

SETTINGS = [field.name for field in fields(Config)]


class History:
    """The record of every seed of every configuration.

    A member that diverges stays in all arrays. Its loss is inf or nan; its accuracy is a number,
    for it always guesses some class.

    Parameters
    ----------
    configs : sequence of Config
        in the order of the axis ``config``
    data : xarray.Dataset
        over (config, seed, ...)
    interrupted : bool
        by the keyboard: what was not reached is nan

    Attributes
    ----------
    configs : list of Config
        what was run
    data : xarray.Dataset
        over ``config``, ``seed`` and a time: ``train_loss`` of the batch before each ``step``;
        ``validation_loss`` and ``validation_accuracy`` before training and after each ``epoch``;
        ``test_loss`` and ``test_accuracy``, if asked for, at the end; what probes returned, each
        time (``probed`` counts steps); ``diverged``, true where a loss was not finite;
        ``seconds`` of training for one member, without evaluation and probes
    """

    def __init__(self, configs, data, interrupted=False):
        self.configs, self.interrupted = list(configs), interrupted
        differing = {
            name: ("config", [_label(config, name) for config in self.configs])
            for name in SETTINGS
            if len({getattr(config, name) for config in self.configs}) > 1
        }
        self.data = data.drop_vars(SETTINGS, errors="ignore").assign_coords(differing)

    def __getitem__(self, name):
        """Return one of the arrays."""
        if name not in self.data:
            raise KeyError(f"{name!r} was not recorded: choose from {', '.join(self.data)}")
        return self.data[name]

    def __repr__(self):
        """Return a summary."""
        configs, seeds = self.data.sizes["config"], self.data.sizes["seed"]
        diverged = int(self.data["diverged"].sum())
        return (
            f"History of {configs} configurations and {seeds} seeds"
            f"{', interrupted' * self.interrupted}: "
            f"{diverged} of {configs * seeds} runs diverged\narrays: {', '.join(self.data)}"
        )

    def select(self, **settings):
        """Return the history of the configurations with these settings.

        Raises
        ------
        AttributeError
            A setting is unknown.
        ValueError
            No configuration has these settings.
        """
        _require_settings(settings)
        chosen = [
            number
            for number, config in enumerate(self.configs)
            if all(getattr(config, name) == value for name, value in settings.items())
        ]
        if not chosen:
            raise ValueError(f"no configuration has {settings}, the first is {self.configs[0]}")
        configs = [self.configs[number] for number in chosen]
        return History(configs, self.data.isel(config=chosen), self.interrupted)

    def table(self, name, *settings):
        """Return an array with an axis for each of the settings in place of ``config``.

        Parameters
        ----------
        name : str
            of the array
        *settings : str
            names of settings that together tell all configurations apart

        Returns
        -------
        xarray.DataArray
            over the settings, each with sorted values, ``seed`` and a time; nan where no
            configuration has these settings

        Raises
        ------
        AttributeError
            A setting is unknown.
        KeyError
            There is no such array.
        ValueError
            No setting is named, or two configurations have the same values of these settings.
        """
        _require_settings(settings)
        keys = [tuple(_label(config, s) for s in settings) for config in self.configs]
        if not settings or len(set(keys)) < len(keys):
            raise ValueError(
                f"the settings {settings} do not tell all configurations apart: name more of the "
                "settings that differ, or `select` first"
            )
        values = [sorted(set(column), key=_none_last) for column in zip(*keys, strict=True)]
        places = [[v.index(value) for v, value in zip(values, key, strict=True)] for key in keys]
        index = pd.MultiIndex.from_tuples(places, names=settings)  # of places: pandas drops None
        array = self[name].drop_vars(SETTINGS, errors="ignore")
        by_place = array.assign_coords(xr.Coordinates.from_pandas_multiindex(index, "config"))
        table = by_place.unstack("config").transpose(*settings, ...)
        return table.assign_coords(dict(zip(settings, values, strict=True)))

    def to_frame(self, name="train_loss"):
        """Return one of the arrays as a table, a row for each configuration, seed and time.

        Returns
        -------
        pandas.DataFrame
            columns: ``config`` (its number), ``seed``, the time, the settings that differ, and
            ``name``
        """
        return self[name].to_dataframe().reset_index()


def _require_settings(names):
    for name in names:
        if name not in SETTINGS:
            raise AttributeError(f"unknown setting {name!r}: choose from {', '.join(SETTINGS)}")


def _none_last(value):
    return (value is None, value)


def _label(config, name):
    value = getattr(config, name)
    return getattr(value, "__name__", repr(value)) if callable(value) else value
