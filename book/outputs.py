"""Pytest plugin for what nbval leaves out: figures and claims are compared by what they mean."""

from tempfile import TemporaryDirectory

import pytest
from cards import stale_cards, without_cards
from figures import stale_figures

PROGRESS = TemporaryDirectory()  # of the exercises: not in the home of whoever runs the tests


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item):
    """Let a notebook prove its results, without progress bars: kernels inherit the environment."""
    with pytest.MonkeyPatch.context() as patch:
        if hasattr(item, "compare_outputs"):
            patch.setenv("TQDM_DISABLE", "1")
            patch.setenv("BNCOURSE_RESULTS", "prove")
            patch.setenv("BNCOURSE_PROGRESS", f"{PROGRESS.name}/progress.json")
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    """Run a notebook's cell, then compare its figures and claims by what they mean."""
    if not hasattr(item, "compare_outputs"):
        return (yield)
    compare_text = item.compare_outputs
    item.compare_outputs = lambda fresh, stored: compare_text(
        without_cards(fresh), without_cards(stored)
    )
    result = yield
    if (fresh := getattr(item, "test_outputs", None)) is not None:
        stale = stale_figures(item.cell.outputs, fresh) + stale_cards(item.cell.outputs, fresh)
        assert not stale, "; ".join(stale)
    return result
