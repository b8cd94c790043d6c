"""How something was measured, in one line that says what is common once and lists what differs."""

from functools import partial
from types import SimpleNamespace

import attrs
import pytest

from bncourse.claims.article import read
from bncourse.claims.settings import describe, settings_line
from bncourse.detection import Detector
from bncourse.evidence.config import Config, grid
from bncourse.sequences import Transformer

PLAIN = Config(learning_rate=0.1)
NORMED = attrs.evolve(PLAIN, norm="batch", learning_rate=10**-0.5)


def history(configs, seeds=20, steps=340):
    return SimpleNamespace(configs=configs, seeds=range(seeds), steps=[steps] * len(configs))


class Tuned(list):
    seeds = range(20)
    notes = ["batch norm: of 0.1 to 10, 10 does as well as any"]


def test_two_arms_are_described_in_one_line():
    assert describe(history([PLAIN, NORMED])) == (
        "digits, dense network, 3 hidden layers of 32, ReLU, no norm and batch norm; "
        "SGD, rate 0.1 (no norm), 0.316 (batch norm); 340 steps of 32; 20 seeds"
    )


@pytest.mark.parametrize(
    ("configs", "words"),
    [
        (grid(NORMED, norm_batch=[2, 4, None]), "statistics of 2, 4 and the whole batch"),
        (grid(PLAIN, depth=[2, 8]), "2 and 8 hidden layers of 32"),
        (grid(PLAIN, depth=[1]), "1 hidden layer of 32"),
        (grid(PLAIN, learning_rate=[0.01, 0.1, 1]), "SGD, rates from 0.01 to 1;"),
        ([PLAIN], "SGD, rate 0.1;"),
        (grid(PLAIN, dropout=[0, 0.2]), "dropout 0 and 0.2"),
        (grid(PLAIN, weight_decay=[0.01]), "rate 0.1, weight decay 0.01"),
        (grid(PLAIN, optimizer=["adam"]), "; Adam, rate 0.1;"),
        (
            [attrs.evolve(PLAIN, depth=d, learning_rate=r) for d, r in ((2, 0.1), (8, 0.01))],
            "rate 0.1 (2 hidden layers), 0.01 (8 hidden layers)",
        ),
    ],
)
def test_what_differs_or_is_unusual_is_said(configs, words):
    assert words in describe(history(configs))


def test_layer_of_ones_own_goes_by_its_label_or_its_name():
    first, second = partial(SimpleNamespace, a=1), partial(SimpleNamespace, a=2)
    first.label = "wrong mean"
    arms = [attrs.evolve(PLAIN, norm=norm) for norm in (first, second)]
    assert "ReLU, wrong mean and SimpleNamespace; SGD" in describe(history(arms))


def test_transformers_have_blocks_and_a_warm_up():
    arms = grid(Transformer(), norm=["layer", "batch"], warmup=[None, 80])
    assert describe(history(arms)) == (
        "text, causal Transformer, 2 blocks of width 32, ReLU, layer norm and batch norm; "
        "Adam, rate 0.003, warm-up over 0 and 80 steps; 340 steps of 8; 20 seeds"
    )


def test_what_is_usual_is_not_said():
    assert "dropout" not in describe(history([PLAIN])) and "ε" not in describe(history([PLAIN]))


def test_different_numbers_of_steps_are_a_range():
    made = SimpleNamespace(configs=[PLAIN, NORMED], seeds=range(10), steps=[85, 340])
    assert "; 85 to 340 steps of 32; 10 seeds" in describe(made)


def identity(members, channels):
    """Stand for a factory of a norm."""


def test_a_factory_is_called_by_its_name():
    assert ", identity;" in describe(history([attrs.evolve(PLAIN, norm=identity)]))


def test_tuning_is_a_sentence_with_its_notes():
    assert settings_line([Tuned([PLAIN])]) == (
        "Rates chosen on 20 other seeds. Batch norm: of 0.1 to 10, 10 does as well as any."
    )


def test_things_are_said_once_each_in_their_order():
    own = SimpleNamespace(settings=lambda: "as published")
    line = settings_line(["a run", history([PLAIN]), own, "a run"])
    assert line.startswith("A run. Digits, dense network,") and line.endswith("As published.")


def test_every_setting_has_its_words():
    words = read("sentences.toml")["settings"]
    always = {"data", "model", "depth", "width", "activation", "norm", "optimizer"}
    always |= {"learning_rate", "batch_size", "epochs"}
    said = always | words["network_options"].keys() | words["optimizer_options"].keys()
    known = {field.name for kind in (Config, Detector, Transformer) for field in attrs.fields(kind)}
    assert known == said
