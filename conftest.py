"""How the tests are shared among processes, and how the outputs of notebooks are compared."""

import re
from importlib.util import find_spec

from xdist.scheduler import LoadScopeScheduling

pytest_plugins = ["outputs"] if find_spec("nbval") else []


class ByFileAndPage(LoadScopeScheduling):
    """Share the tests among processes by file, and those of the built book by page."""

    def _split_scope(self, nodeid):
        page = re.search(r"\[(\S+?\.html)", nodeid)
        return page[1] if page else nodeid.partition("::")[0]


def pytest_xdist_make_scheduler(config, log):
    """Keep the cells of a notebook on one kernel, whatever ``--dist`` says."""
    return ByFileAndPage(config, log)
