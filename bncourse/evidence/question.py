"""What decides a result: configurations, seeds, what is measured, and the code that does it."""

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import attrs

from bncourse.evidence.settings import Settings
from bncourse.evidence.source import attributes, described, places, reached

ENGINE = (  # and the stacks of the configurations
    "bncourse.experiments.training:Record",
    "bncourse.experiments.training:train",
)
LETTERS = 12  # of a key


@dataclass(frozen=True, eq=False)
class Question:
    """An experiment, before it is run.

    Parameters
    ----------
    configs : tuple of Settings
        the arms
    seeds : tuple of int
        of each arm
    options : dict
        those options of ``run`` that decide what is recorded, where they are not the usual ones
    """

    configs: tuple
    seeds: tuple
    options: dict

    @cached_property
    def description(self) -> dict[str, Any]:
        """The experiment as plain data: what is not as usual."""
        return {
            "configs": [settings(config, all_of_them=False) for config in self.configs],
            "seeds": described(self.seeds),
            "options": described(self.options),
        }

    def can_be_described(self) -> bool:
        """Return whether an answer can be found again: not if it depends on what has no source."""
        try:
            return bool(self.description)
        except (TypeError, OSError):
            return False

    @cached_property
    def key(self) -> str:
        """The name of the file with the result."""
        return _digest(self.description)

    @cached_property
    def settings(self) -> list[dict[str, Any]]:
        """Every setting of each configuration, the usual ones too."""
        return [settings(config) for config in self.configs]

    @cached_property
    def code(self) -> str:
        """The fingerprint of the code that can change the numbers."""
        asked = [self.description, *(config["data"] for config in self.settings)]
        stacks = {config.stack for config in self.configs}
        texts = reached({*ENGINE, *stacks, *places(asked)}, attributes(asked))
        return _digest(texts)


def settings(config: Settings, all_of_them: bool = True) -> dict[str, Any]:
    """Return the settings of a configuration as plain data, or those that are not as usual."""
    return {
        field.name: described(getattr(config, field.name))
        for field in attrs.fields(type(config))
        if all_of_them or getattr(config, field.name) != field.default
    }


def _digest(data):
    text = json.dumps(data, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:LETTERS]
