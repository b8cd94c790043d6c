"""A fingerprint changes with the code that can change a number, and with nothing else."""

import ast
from functools import partial, wraps

import numpy as np
import pytest

from bncourse.evidence import source
from bncourse.evidence.source import attributes, described, places, plain, reached

MODULES = {
    "bncourse.one": """
from bncourse import two
from bncourse.two import helper as aide
from somewhere import stranger

LIMIT = 3

def root(x):
    '''Explain.'''
    return aide(x) + two.other(x) + LIMIT + stranger(x)

def apart(x):
    return x

class Kind:
    '''Explain.'''
    size = LIMIT

    def __init__(self):
        self.close()

    def close(self):
        return apart

    def idle(self):
        return two.lazy()

    def forward(self):
        return 1
""",
    "bncourse.two": """
def helper(x):
    return deep(x)

def deep(x):
    return x

def other(x):
    from bncourse.one import apart
    return apart(x)

def lazy():
    return 0
""",
}


@pytest.fixture
def package(tmp_path, monkeypatch):
    """Return a function that writes modules of a package that is read in place of ours."""

    def write(**changes):
        for name, text in MODULES.items():
            for old, new in changes.items():
                text = text.replace(old, new)
            (tmp_path / f"{name.partition('.')[2]}.py").write_text(text)
        source.definitions.cache_clear()
        source._file.cache_clear()

    monkeypatch.setattr(source, "ROOT", tmp_path)
    write()
    yield write
    monkeypatch.undo()
    source.definitions.cache_clear()
    source._file.cache_clear()


def test_what_a_function_calls_is_reached_through_imports_of_every_kind(package):
    assert set(reached(["bncourse.one:root"])) == {
        *("bncourse.one:root", "bncourse.one:LIMIT", "bncourse.one:apart"),
        *("bncourse.two:helper", "bncourse.two:deep", "bncourse.two:other"),
    }


def test_of_a_class_the_methods_are_reached_that_something_names_or_pytorch_calls(package):
    found = set(reached(["bncourse.one:Kind"]))
    assert {"bncourse.one:Kind.close", "bncourse.one:Kind.forward", "bncourse.one:apart"} <= found
    assert not {"bncourse.one:Kind.idle", "bncourse.two:lazy"} & found
    named = set(reached(["bncourse.one:Kind"], ["idle"]))
    assert {"bncourse.one:Kind.idle", "bncourse.two:lazy"} <= named


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        ({"return deep(x)": "return deep(x + 1)"}, False),
        ({"LIMIT = 3": "LIMIT = 4"}, False),
        ({"'''Explain.'''": "'''Explain more.'''"}, True),
        ({"return deep(x)": "return deep(x)  # a comment"}, True),
        ({"return deep(x)": "return (\n        deep(x)\n    )"}, True),
        ({"def helper(x):": "def helper(x: dict[str, Kind]) -> lazy:"}, True),
        ({"def helper(x):": "def helper(x=1):"}, False),
        ({"size = LIMIT": "size: int = LIMIT"}, True),  # of a class that is not reached
        ({"return 0": "return 1"}, True),  # of a function that is not reached
    ],
)
def test_text_changes_with_the_code_that_is_reached_and_not_with_words(package, changes, same):
    before = reached(["bncourse.one:root"])
    package(**changes)
    assert (reached(["bncourse.one:root"]) == before) == same


def test_what_is_not_of_the_package_is_not_reached(package):
    assert reached(["numpy:mean", "bncourse.one:stranger", "bncourse.nowhere:root"]) == {}


def test_types_of_fields_make_a_class(package):
    before = reached(["bncourse.one:Kind"])
    package(**{"size = LIMIT": "size: int = LIMIT"})
    assert reached(["bncourse.one:Kind"]) != before


def test_docstrings_go_at_every_level_and_other_strings_stay():
    text = "class A:\n    '''No.'''\n    def f(self):\n        '''No.'''\n        return 'yes'\n"
    assert plain(ast.parse(text)) == "class A:\n\n    def f(self):\n        return 'yes'"


def test_types_of_signatures_go_at_every_level():
    text = "def f(a: int, *b: str, c: int=3, **d: A) -> B:\n    def g(x: C) -> D:\n        return x"
    assert plain(ast.parse(text)) == ("def f(a, *b, c=3, **d):\n\n    def g(x):\n        return x")


def test_function_of_the_package_is_described_by_its_place():
    assert described(np.mean) == "numpy:mean"
    assert described(plain) == "bncourse.evidence.source:plain"
    assert places([{"a": described(plain)}, "text: no"]) == {"bncourse.evidence.source:plain"}


def inner(factor):
    def local(x):
        """Explain."""
        return x.shape * factor  # a comment

    return local


def test_function_of_a_reader_is_described_by_its_source_and_what_it_uses():
    assert described(inner(2)) == described(inner(2))
    assert described(inner(2)) != described(inner(3))
    text = "".join(map(str, described(inner(2)).values()))
    assert "Explain" not in text and "comment" not in text
    assert attributes(described(inner(2))) == {"shape"}


def test_functions_that_a_readers_function_calls_are_described_too():
    def first(x):
        return second(x)

    def second(x):
        return x + step

    step = 1
    before = described(first)
    step = 2
    assert described(first) != before


def decorated(function):
    @wraps(function)
    def wrapper(*args):
        return function(*args)

    return wrapper


def test_decorator_is_looked_through():
    @decorated
    def first(x):
        return x + step

    step = 1
    before = described(first)
    step = 2
    assert described(first) != before


class Odd:
    """A reader's class."""

    size = 3

    def use(self, other):
        table = {"a": other}  # not the table below
        return table


table = {"odd": partial(Odd)}


def test_name_that_is_local_is_not_taken_for_a_global_one(monkeypatch):
    monkeypatch.setattr(Odd, "__module__", "__main__")
    monkeypatch.setattr(Odd.use, "__module__", "__main__", raising=False)
    found = described(Odd)
    assert set(found) == {"Odd"}
    assert "size = 3" in found["Odd"]


def within(values):
    """A reader's function."""
    table = 2  # not the table above
    return [(lambda value: value * table)(value) for value in values]


def test_local_name_that_an_inner_function_uses_is_not_taken_for_a_global_one(monkeypatch):
    monkeypatch.setattr(within, "__module__", "__main__")
    assert set(described(within)) == {"within"}


def test_settings_of_a_partial_count():
    assert described(partial(plain, tree=1)) != described(partial(plain, tree=2))


@pytest.mark.parametrize(
    ("value", "plain_value"),
    [
        (range(3), [0, 1, 2]),
        (np.array([1.5, 2]), [1.5, 2.0]),
        (np.float64(2), 2.0),
        ({"a": (1, None)}, {"a": [1, None]}),
        (True, True),
    ],
)
def test_data_is_described_as_plain_data(value, plain_value):
    assert described(value) == plain_value


def test_what_has_no_source_is_refused_with_what_has():
    with pytest.raises(TypeError, match="cannot be described.*: use functions, classes, partial"):
        described(object())
