"""Tables of ratios at the end of the run, one for each module."""

from collections import defaultdict

import pytest

RATIOS = pytest.StashKey[dict]()


@pytest.fixture
def ratios(request):
    """Return the table to fill: ``ratios[case][column]`` is a ratio of two times.

    What the ratios are is said by the ``TITLE`` of the module.
    """
    tables = request.config.stash.setdefault(RATIOS, {})
    return tables.setdefault(request.module.TITLE, defaultdict(dict))


def pytest_terminal_summary(terminalreporter, config):
    for title, table in config.stash.get(RATIOS, {}).items():
        if table:
            write_table(terminalreporter, title, table)


def write_table(terminalreporter, title, table):
    columns = list(dict.fromkeys(name for row in table.values() for name in row))
    width = max(map(len, table))
    terminalreporter.section(title)
    terminalreporter.write_line(" " * width + "".join(f"{name:>18}" for name in columns))
    for case, row in table.items():
        cells = (f"{row[name]:.2f}" if name in row else "" for name in columns)
        terminalreporter.write_line(f"{case:<{width}}" + "".join(f"{cell:>18}" for cell in cells))
