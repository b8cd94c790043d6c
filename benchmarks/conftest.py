"""One table of ratios at the end of the run."""

from collections import defaultdict

import pytest

RATIOS = pytest.StashKey[dict]()


@pytest.fixture
def ratios(request):
    """Return the table to fill: ``ratios[case][contender]`` is a time relative to torch.nn."""
    return request.config.stash.setdefault(RATIOS, defaultdict(dict))


def pytest_terminal_summary(terminalreporter, config):
    table = config.stash.get(RATIOS, {})
    if not table:
        return
    contenders = list(dict.fromkeys(name for row in table.values() for name in row))
    width = max(map(len, table))
    terminalreporter.section("forward + backward, float32: time / time of torch.nn")
    terminalreporter.write_line(" " * width + "".join(f"{name:>18}" for name in contenders))
    for case, row in table.items():
        cells = (f"{row[name]:.2f}" if name in row else "" for name in contenders)
        terminalreporter.write_line(f"{case:<{width}}" + "".join(f"{cell:>18}" for cell in cells))
