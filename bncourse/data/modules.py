"""Packages that are imported when a function needs them, not before."""

from importlib import import_module

from bncourse.extras import missing


def require_module(name):
    """Return the module ``name``; raise ``ImportError`` with the remedy if it is not installed."""
    try:
        return import_module(name)
    except ImportError as error:
        raise missing("this data set", name.split(".")[0], extra="data") from error
