"""What nbval leaves out: the stored figures are compared with what the cells draw now."""

import pytest
from figures import stale_figures


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    """After nbval has run a notebook's cell, compare its figures."""
    result = yield
    if getattr(item, "test_outputs", None) is not None:
        stale = stale_figures(item.cell.outputs, item.test_outputs)
        assert not stale, "; ".join(stale)
    return result
