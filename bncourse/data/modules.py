"""Packages that are imported when a function needs them, not before."""

from importlib import import_module

PACKAGES = {"sklearn": "scikit-learn"}


def require_module(name):
    """Return the module ``name``; raise ``ImportError`` with the remedy if it is not installed."""
    try:
        return import_module(name)
    except ImportError as error:
        top = name.split(".")[0]
        package = PACKAGES.get(top, top)
        raise ImportError(
            f"this data set needs the package {package}: pip install {package}"
        ) from error
