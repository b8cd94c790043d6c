"""How something was measured, in one line: network, data, optimizer, rates, steps and seeds.

A history, what tuning found, and a configuration are known by their attributes: this room does not
import the one that makes them. A function or class in a setting goes by its attribute ``label``, if
it has one, else by its name.
"""

from collections.abc import Iterable
from typing import Any

from bncourse.claims.article import read
from bncourse.statistics import typeset

ARM = ("norm", "placement", "norm_batch", "residual", "optimizer", "depth", "width", "activation")


def settings_line(things: Iterable[Any]) -> str:
    """Return one line about all things that a result rests on, a sentence each.

    Parameters
    ----------
    things : sequence
        of histories, of what `tuned` returned, of objects with a method ``settings`` that returns
        a str, and of str

    Raises
    ------
    TypeError
        It is not a sequence of such things.
    """
    if isinstance(things, str) or not hasattr(things, "__iter__"):
        raise TypeError(f"settings is {things!r}: give a list, as in settings=[history]")
    return " ".join(_sentence(line) for line in dict.fromkeys(map(_line, things)))


def describe(history: Any) -> str:
    """Return how a history was made: what is common said once, what differs listed.

    Parameters
    ----------
    history : History
        or any object with ``configs``, ``seeds`` and ``steps``, one number a configuration
    """
    words, configs = read("sentences.toml")["settings"], history.configs
    return words["parts"].format(
        network=_network(words, configs),
        optimizer=_optimizer(words, configs),
        steps=_steps(words, history),
        seeds=words["seeds"].format(seeds=len(history.seeds)),
    )


def describe_tuning(tuned: Any) -> str:
    """Return on how many seeds rates were chosen, and what there is to note about it.

    Parameters
    ----------
    tuned : Tuned
        or any object with ``seeds``, and ``notes``, each a str
    """
    words = read("sentences.toml")["settings"]
    return " ".join(map(_sentence, [words["tuned"].format(seeds=len(tuned.seeds)), *tuned.notes]))


def _line(thing):
    if isinstance(thing, str) and thing.strip():
        return thing
    if hasattr(thing, "settings"):
        return thing.settings()
    if hasattr(thing, "configs"):
        return describe(thing)
    if hasattr(thing, "notes"):
        return describe_tuning(thing)
    raise TypeError(
        f"settings holds {thing!r}: give a history, what `tuned` returned, an object with a method "
        "`settings`, or words"
    )


def _sentence(line):
    line = line.strip()
    return f"{line[:1].upper()}{line[1:].rstrip('.')}."


def _network(words, configs):
    depths = _values(configs, "depth")
    unit = words["units"].get(configs[0].model, words["units"]["usual"])
    said = words["network"].format(
        model=_named(words, configs, "model"),
        layers=unit["one" if depths == [1] else "many"].format(
            depth=_listed(words, depths), width=_listed(words, _values(configs, "width"))
        ),
        activation=_named(words, configs, "activation"),
        norm=_named(words, configs, "norm"),
        data=_listed(words, [_data(words, value) for value in _values(configs, "data")]),
    )
    return ", ".join([said, *_options(words, configs, "network_options")])


def _data(words, function):
    return words["datasets"].get(_text(function), _text(function))


def _optimizer(words, configs):
    said = words["optimizer"].format(
        optimizer=_listed(words, [words["optimizers"][v] for v in _values(configs, "optimizer")]),
        rate=_rates(words, configs),
    )
    return ", ".join([said, *_options(words, configs, "optimizer_options")])


def _rates(words, configs):
    """Return the rate, or the rate of each arm if there is one, or the smallest and the largest."""
    rates = _values(configs, "learning_rate")
    if len(rates) == 1:
        return words["rate"].format(rate=_text(rates[0]))
    for name in (name for name in ARM if hasattr(configs[0], name)):
        by_value = {
            value: _values([c for c in configs if getattr(c, name) == value], "learning_rate")
            for value in _values(configs, name)
        }
        if len(by_value) <= 4 and all(len(rates) == 1 for rates in by_value.values()):
            arms = [
                words["rate_of_arm"].format(rate=_text(rate), arm=_arm(words, name, value))
                for value, (rate,) in by_value.items()
            ]
            return words["rate"].format(rate=", ".join(arms))
    return words["rates"].format(least=_text(min(rates)), most=_text(max(rates)))


def _steps(words, history):
    steps = sorted(set(history.steps))
    batch = _listed(words, sorted(_values(history.configs, "batch_size")))
    if len(steps) == 1:
        return words["steps"].format(steps=steps[0], batch=batch)
    return words["steps_range"].format(least=steps[0], most=steps[-1], batch=batch)


def _options(words, configs, table):
    """Return a phrase for each of the options of ``table`` that is not as usual everywhere."""
    usual = type(configs[0])()
    for name, phrase in words[table].items():
        if not hasattr(usual, name):
            continue
        values = _values(configs, name)
        if values != [getattr(usual, name)]:
            texts = [_option(words, name, value) for value in values]
            yield phrase.format(value=_listed(words, texts))


def _arm(words, name, value):
    tables = {"norm": "norm", "optimizer": "optimizers", "activation": "activation"}
    if name in tables:
        return words[tables[name]].get(value, _text(value))
    phrases = words["arms"] | words["network_options"]
    return phrases[name].format(value=_option(words, name, value))


def _named(words, configs, name):
    return _listed(words, [words[name].get(v, _text(v)) for v in _values(configs, name)])


def _option(words, name, value):
    return words["without"].get(name, "none") if value is None else _text(value)


def _values(configs, name):
    """Return the different values of a setting, in their order."""
    return list(dict.fromkeys(getattr(config, name) for config in configs))


def _listed(words, values):
    *most, last = map(str, values)
    return words["list"].format(most=", ".join(most), last=last) if most else last


def _text(value):
    if isinstance(value, float):
        return typeset(f"{value:.3g}")
    if callable(value) and hasattr(value, "label"):
        return value.label
    function = getattr(value, "func", value)  # of functools.partial
    return str(getattr(function, "__name__", value)).replace("_", " ")
