"""How the tests are shared among processes, and how the outputs of notebooks are compared."""

import re
from importlib.util import find_spec

from xdist.scheduler import LoadScopeScheduling

pytest_plugins = ["outputs"] if find_spec("nbval") else []


LONGEST_FIRST = ("test_live_cells.py", ".ipynb")  # then nobody waits for them at the end


class ByFileAndPage(LoadScopeScheduling):
    """Share the tests among processes by file, and those of the built book by page.

    The two halves of the live cells are minutes each, and shared, too.
    """

    def _split_scope(self, nodeid):
        page = re.search(r"\[(\S+?\.html)|(test_live_cells\S+)", nodeid)
        return page[0] if page else nodeid.partition("::")[0]


def pytest_collection_modifyitems(items):
    """Begin with the files that take longest."""
    ranks = {name: rank for rank, name in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: ranks.get(item.path.name, ranks.get(item.path.suffix, len(ranks))))


def pytest_xdist_make_scheduler(config, log):
    """Keep the cells of a notebook on one kernel, whatever ``--dist`` says."""
    config.option.loadscopereorder = False  # files of few tests are not the short ones
    return ByFileAndPage(config, log)
