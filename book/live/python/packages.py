"""Which packages a cell needs that are fetched only when they are needed."""

import ast

LARGE = {"matplotlib": "matplotlib", "bncourse.plots": "matplotlib", "scipy": "scipy"}


def wanted(source):
    """Return the names of the large packages that a cell imports.

    Parameters
    ----------
    source : str

    Returns
    -------
    list of str
    """
    try:
        nodes = list(ast.walk(ast.parse(source)))
    except SyntaxError:
        return []
    modules = {alias.name for n in nodes if isinstance(n, ast.Import) for alias in n.names}
    modules |= {n.module for n in nodes if isinstance(n, ast.ImportFrom) and n.module}
    found = {
        package
        for module in modules
        for prefix, package in LARGE.items()
        if f"{module}.".startswith(f"{prefix}.")
    }
    return sorted(found)
