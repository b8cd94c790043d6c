"""Experiments over many seeds: trained all at once, paired, with a record of everything.

A ``Config`` says what is run, ``grid`` makes many of them, ``run`` trains every seed of each and
returns a ``History``, ``tuned`` chooses the learning rate of each arm.
"""

from bncourse.experiments.config import Config, grid
from bncourse.experiments.history import History
from bncourse.experiments.stack import Stack, member_losses
from bncourse.experiments.sweep import run
from bncourse.experiments.tuning import tuned

__all__ = ["Config", "History", "Stack", "grid", "member_losses", "run", "tuned"]
