"""On every processor the right notebook passes, and each fault that a person might make is found.

A small notebook is executed and its outputs are kept, as for a chapter. Then it is executed with
another arithmetic, once as it is and once with each fault in it.
"""

import os

import nbformat
import pytest
from cards import stale_cards
from figures import stale_figures
from nbformat.v4 import new_code_cell, new_notebook
from notebooks import executed
from replicate import ARITHMETICS

SETTING = """
import matplotlib.pyplot as plt
from bncourse.claims import claim
from bncourse.experiments import Config, grid, run
from bncourse.statistics import estimate, median, paired_difference

base = Config(depth=3, width=16, learning_rate=1.0, epochs=4)
plain, normed, deeper = [base, base.replace(norm="batch"), base.replace(norm="batch", depth=4)]
history = run([plain, normed, deeper], range(10), test=True)
one, other, third = 100 * history["test_accuracy"]
curves = history["epoch_loss"].mean(1)
"""
FIGURE = """
figure, axes = plt.subplots()
axes.plot(curves[0], label="no norm")
axes.plot(curves[1], label="batch norm")
axes.set(xlabel="epoch", ylabel="loss")
axes.legend()
plt.show()
"""
CLAIM = """
gain = paired_difference(other, one, "points")
claim("own.demo", "It helps.", holds=bool(gain.above(-100)), evidence={"gain": gain})
"""
FAULTS = {
    "arms swapped in the figure": (FIGURE, "curves[0]", "curves[2]"),
    "label of the figure changed": (FIGURE, '"loss"', '"error"'),
    "arms swapped in the claim": (CLAIM, "other, one", "one, other"),
    "another configuration": (CLAIM, "other, one", "third, one"),
    "a median for a mean": (CLAIM, "paired_difference(other, one,", "median(other - one,"),
    "a number typed": (CLAIM, '"gain": gain', '"gain": 7.5'),
    "outputs older than their code": (CLAIM, "It helps.", "It helps much."),
}


def cells():
    """Return the sources of the notebook: what is right, then each fault."""
    faulty = [source.replace(old, new) for source, old, new in FAULTS.values()]
    assert not {FIGURE, CLAIM} & set(faulty)
    return [SETTING, FIGURE, CLAIM, *faulty]


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    path = tmp_path_factory.mktemp("book") / "demo.ipynb"
    nbformat.write(new_notebook(cells=[new_code_cell(source) for source in cells()]), path)
    return path


@pytest.fixture(scope="module")
def execute(path):
    """Return a function that executes the notebook and gives the outputs of its cells."""

    def execute(mode, **environment):
        place = {"BNCOURSE_EVIDENCE": str(path.parent), "BNCOURSE_RESULTS": mode}
        return [cell.outputs for cell in executed(path, **place, **environment).cells]

    return execute


@pytest.fixture(scope="module")
def stored(execute):
    return execute("make")


def stale(stored, fresh):
    return stale_figures(stored, fresh) + stale_cards(stored, fresh)


@pytest.mark.parametrize("arithmetic", ARITHMETICS)
def test_right_notebook_passes_and_each_fault_is_found(execute, stored, arithmetic):
    _, figure, card, *faulty = execute("prove", **ARITHMETICS[arithmetic])
    assert stale(stored[1], figure) == []
    assert stale(stored[2], card) == []
    for (name, (source, *_)), outputs in zip(FAULTS.items(), faulty, strict=True):
        right = stored[1] if source is FIGURE else stored[2]
        assert stale(right, outputs), name


@pytest.mark.parametrize("arithmetic", ARITHMETICS)
def test_the_arithmetics_are_different_ones(arithmetic):
    assert arithmetic == "as it is" or ARITHMETICS[arithmetic].items() - os.environ.items()
