"""Choose a learning rate for each arm before arms are compared."""

from dataclasses import replace

import numpy as np


def tuned(history, name="validation_accuracy"):
    """Return the configurations of ``history`` with the learning rate that does best, one an arm.

    Configurations that differ in their learning rate alone are one arm. The best rate has the
    largest mean over seeds of the last value of the array ``name``. Report on *other* seeds: on
    these ones the best rate owes something to luck.

    Parameters
    ----------
    history : History
        several rates of each arm
    name : str
        an array over (config, seed, epoch) that is to be large

    Returns
    -------
    list of Config
        in the order in which the arms first appear

    Raises
    ------
    ValueError
        The best rate of an arm is the smallest or the largest one: its grid is too narrow to
        conclude anything.
    """
    arms = {}
    for config, score in zip(history.configs, _final(history, name), strict=True):
        arms.setdefault(replace(config, learning_rate=0.0), []).append((score, config))
    return [_best(arm) for arm in arms.values()]


def _final(history, name):
    """Return the mean over seeds of the last value, -inf where one of them is not finite."""
    means = history[name].mean("seed", skipna=False)
    last = [config.epochs for config in history.configs]
    values = [mean.reindex(epoch=[epoch]).item() for mean, epoch in zip(means, last, strict=True)]
    return np.where(np.isfinite(values), values, -np.inf)


def _best(arm):
    best = max(arm, key=lambda pair: pair[0])[1]
    rates = [config.learning_rate for _, config in arm]
    if best.learning_rate in (min(rates), max(rates)):
        raise ValueError(
            f"learning_rate={best.learning_rate} is best and at the edge of its grid, "
            f"{min(rates)} to {max(rates)}, for {best}: widen the grid"
        )
    return best
