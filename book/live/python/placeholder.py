"""A stand-in for a package that is not there, so that what only names it can still be read.

A stored result is found by the names and the sources of the functions that measured it. So a page
without PyTorch must be able to import what is built on PyTorch; it need not be able to run it.
Every attribute of the stand-in is another one. It can be inherited from, and a decorator leaves
what it decorates as it is; any other call says what is missing.
"""

import sys
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import FunctionType, ModuleType

DECORATORS = {"no_grad", "inference_mode", "once_differentiable", "custom_fwd", "custom_bwd"}


class NotHereError(ModuleNotFoundError):
    """What was called belongs to a package that cannot run here."""


class _Named(type):
    """A class of which every attribute is a class like it."""

    def __getattr__(cls, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return _named(f"{cls.__module__}.{cls.__qualname__}.{name}")

    def __call__(cls, *args, **kwargs):
        if cls.__dict__.get("_stands_in") and cls.__name__ in DECORATORS:
            return args[0] if args and isinstance(args[0], FunctionType) else _decorator
        package = next(c for c in cls.__mro__ if "_stands_in" in c.__dict__).__module__
        raise NotHereError(name=package.partition(".")[0])

    def __or__(cls, other):  # in a union of types
        return cls

    __ror__ = __or__

    def __instancecheck__(cls, value):
        return False


def _decorator(function):
    return function


def _named(path):
    module, _, name = path.rpartition(".")
    return _Named(name, (), {"__module__": module, "_stands_in": True})


class _Module(ModuleType):
    """A module of which every attribute is a stand-in."""

    __path__ = ()

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        value = _named(f"{self.__name__}.{name}")
        setattr(self, name, value)  # the same one each time
        return value


class StandIns(MetaPathFinder, Loader):
    """Finds and makes the modules of packages that are not there.

    Parameters
    ----------
    packages : iterable of str
        their names
    """

    def __init__(self, packages):
        self.packages = frozenset(packages)

    def find_spec(self, name, path=None, target=None):
        """Return how to make a module, if it belongs to one of the packages."""
        if name.partition(".")[0] in self.packages:
            return ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec):
        """Return the module."""
        return _Module(spec.name)

    def exec_module(self, module):
        """Do nothing: there is nothing in it."""


def stand_in_for(*packages):
    """Let packages that are not there be imported, and named; return the finder that does it."""
    finder = StandIns(packages)
    sys.meta_path.insert(0, finder)
    return finder
