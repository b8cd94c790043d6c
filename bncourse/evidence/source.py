"""The source of definitions, and of all that they reach within the package.

A result depends on the functions that made it, on those that these call, and so on. Here they are
found in the syntax tree, without importing anything, so that a page without PyTorch can do it too.
What is compared is the tree: comments, layout, docstrings and the types of signatures count for
nothing.
"""

import ast
import dis
import inspect
import re
import textwrap
from collections.abc import Iterable, Mapping
from functools import cache, partial
from pathlib import Path
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any

import numpy as np

PACKAGE = "bncourse"
LOOKING_UP = ("LOAD_GLOBAL", "LOAD_NAME")
BY_PYTORCH = ("forward", "backward")  # methods that are called without being named
ROOT = Path(__file__).parents[1]


@cache
def definitions(module: str) -> dict[str, ast.AST | tuple[str, str | None]]:
    """Return what a module of the package defines at its top level, by name.

    Parameters
    ----------
    module : str
        its dotted name

    Returns
    -------
    dict of str to ast.AST or tuple
        a definition or an assignment, or the (module, name) that an import stands for
    """
    tree = Unannotated().visit(ast.parse(_file(module).read_text("utf-8")))  # pyrefly: ignore[missing-attribute]
    found = {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found[node.name] = node
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                found |= {n.id: node for n in ast.walk(target) if isinstance(n, ast.Name)}
        else:
            found |= imports(node)
    return found


class Unannotated(ast.NodeTransformer):
    """Takes the types out of signatures: those of a class's fields stay, for they make it."""

    def visit_arg(self, node: ast.arg) -> ast.arg:
        """Keep the name of a parameter alone."""
        return ast.arg(node.arg)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:  # noqa: N802 (the name is Python's)
        """Leave out what a function returns, and the parameters of its types."""
        node.returns, node.type_params = None, []  # pyrefly: ignore[missing-attribute]
        return self.generic_visit(node)


def imports(tree: ast.AST) -> Mapping[str, tuple[str, str | None]]:
    """Return the (module, name) of each name that import statements in a tree bind.

    The name is None where a module itself is bound.
    """
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                found[alias.asname or alias.name] = (node.module, alias.name)
        elif isinstance(node, ast.Import):
            for alias in node.names:
                bound = alias.name if alias.asname else alias.name.partition(".")[0]
                found[alias.asname or bound] = (bound, None)  # pyrefly: ignore[unsupported-operation]
    return found


def reached(roots: Iterable[str], attributes: Iterable[str] = ()) -> dict[str, str]:
    """Return the source of definitions of the package and of all that they reach there.

    Of a class, a method is reached if its name is mentioned as an attribute in what is reached, if
    it begins with an underscore, or if PyTorch calls it.

    Parameters
    ----------
    roots : iterable of str
        places, as "module:name"
    attributes : iterable of str
        names of attributes that are mentioned elsewhere

    Returns
    -------
    dict of str to str
        the text of each definition, by place
    """
    found, mentioned, dormant = {}, {*attributes, *BY_PYTORCH}, {}
    waiting = [(tuple(root.split(":")), None) for root in roots]
    while waiting:
        place, method = waiting.pop()
        place = place if method else _resolved(*place)
        key = place and ":".join(place) + (f".{method.name}" if method else "")
        if place is None or key in found:
            continue
        tree, methods = _taken_apart(method or definitions(place[0])[place[1]])
        found[key] = plain(tree)
        mentioned |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        dormant |= {(place, name): node for name, node in methods.items()}
        names = {**definitions(place[0]), **imports(tree)}
        waiting += [(other, None) for other in _mentioned(tree, names, place[0])]
        mentioned |= {name for _, name in dormant if name.startswith("_")}
        awake = [key for key in dormant if key[1] in mentioned]
        waiting += [(key[0], dormant.pop(key)) for key in awake]
    return found


def _taken_apart(tree):
    """Return a class without its methods, and these by name; anything else is whole."""
    if not isinstance(tree, ast.ClassDef):
        return tree, {}
    methods = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    rest = [node for node in tree.body if node not in methods.values()] or [ast.Pass()]
    kept = ast.ClassDef(tree.name, tree.bases, tree.keywords, rest, tree.decorator_list)
    return ast.fix_missing_locations(kept), methods


def _resolved(module, name):
    """Follow imports to the definition of a name; None if it is not in the package."""
    while _ours(module) and _is_module(module):
        if name is None or _is_module(f"{module}.{name}"):
            return None
        definition = definitions(module).get(name)
        if definition is None:
            return None
        if isinstance(definition, ast.AST):
            return module, name
        module, name = definition
    return None


def _mentioned(tree, names, module):
    """Return the places that a tree mentions: names of its module, attributes of our modules."""
    places = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in names:
            target = names[node.id]
            places.append((module, node.id) if isinstance(target, ast.AST) else target)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            target = names.get(node.value.id)
            if isinstance(target, tuple) and _ours(target[0]):
                owner = ".".join(part for part in target if part)
                if _is_module(owner):
                    places.append((owner, node.attr))
    return places


def _ours(module):
    return module == PACKAGE or module.startswith(PACKAGE + ".")


def _is_module(name):
    return _file(name) is not None


@cache
def _file(module):
    """Return the file of a module of the package, or None; importing it might need PyTorch."""
    path = ROOT.joinpath(*module.split(".")[1:])
    files = path / "__init__.py", path.with_suffix(".py")
    return next((file for file in files if file.is_file()), None)


def plain(tree: ast.AST) -> str:
    """Return the text of a tree without comments, layout, docstrings and types of signatures."""
    tree = Unannotated().visit(ast.parse(ast.unparse(tree)))  # a copy
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list) and body and _is_text(body[0]):
            node.body = body[1:] or [ast.Pass()]  # pyrefly: ignore[missing-attribute]
    return ast.unparse(tree)


def _is_text(node):
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def described(value: Any) -> Any:
    """Return what tells a value apart, as plain data: the same in every session.

    A function or class of the package is its name, for `reached` knows the rest; one that a reader
    wrote is its source, with that of all of the reader's functions that it calls.

    Raises
    ------
    TypeError
        The value has no such description.
    """
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, np.generic | np.ndarray):
        return described(value.tolist())
    if isinstance(value, list | tuple | range):
        return [described(one) for one in value]
    if isinstance(value, dict):
        return {str(key): described(one) for key, one in value.items()}
    if isinstance(value, partial):
        return {"function": described(value.func), "with": described([value.args, value.keywords])}
    if isinstance(value, ModuleType):
        return value.__name__
    if hasattr(value, "__qualname__") and not isinstance(value, MethodType):
        return _described_definition(value)
    raise TypeError(
        f"{value!r} cannot be described, so a result that depends on it cannot be found again: "
        "use functions, classes, partial, numbers, strings and lists of these"
    )


def _described_definition(value):
    if value.__module__ != "__main__" and "<locals>" not in value.__qualname__:
        return f"{value.__module__}:{value.__qualname__}"
    found, waiting = {}, [value]
    while waiting:
        one = waiting.pop()
        if one.__qualname__ not in found:
            tree = _tree(one)
            found[one.__qualname__] = plain(tree)
            for name, used in _used(one, tree).items():
                if getattr(used, "__module__", None) == "__main__" and isinstance(
                    used, FunctionType | type
                ):
                    waiting.append(used)
                else:
                    found[f"{one.__qualname__}.{name}"] = described(used)
    return found


def _tree(definition):
    """Return the syntax tree of a function or class; that of a class in a notebook by a method."""
    try:
        return ast.parse(textwrap.dedent(inspect.getsource(definition)))
    except OSError:
        methods = [f for f in vars(definition).values() if isinstance(f, FunctionType)]
        if not isinstance(definition, type) or not methods:
            raise
    lines, _ = inspect.findsource(methods[0])  # of the cell
    classes = [n for n in ast.walk(ast.parse("".join(lines))) if isinstance(n, ast.ClassDef)]
    return next(node for node in classes if node.name == definition.__name__)


def _used(definition, tree):
    """Return the values of the global and enclosing names that a definition uses."""
    functions, names = [definition], set()
    if isinstance(definition, type):
        functions = [f for f in vars(definition).values() if isinstance(f, FunctionType)]
        whole = next(node for node in ast.walk(tree) if isinstance(node, ast.ClassDef))
        class_level, _ = _taken_apart(whole)
        names = {node.id for node in ast.walk(class_level) if isinstance(node, ast.Name)}
    known = {}
    for function in map(inspect.unwrap, functions):  # of decorators
        known |= function.__globals__ | inspect.getclosurevars(function).nonlocals
        names |= _looked_up(function.__code__)
    return {name: known[name] for name in sorted(names) if name in known}


def _looked_up(code):
    """Return the names that code, and the functions in it, look up outside of the code."""
    names = set(code.co_freevars) | {
        step.argval for step in dis.get_instructions(code) if step.opname in LOOKING_UP
    }
    within = (_looked_up(c) for c in code.co_consts if isinstance(c, CodeType))
    return names | set().union(*within) - set(code.co_cellvars)  # which are the code's own


def places(description: Any) -> set[str]:
    """Return every "module:name" of the package in a description."""
    return {text for text in _texts(description) if re.fullmatch(rf"{PACKAGE}[\w.]*:\w+", text)}


def attributes(description: Any) -> set[str]:
    """Return every name that follows a dot in the sources in a description."""
    return {name for text in _texts(description) for name in re.findall(r"\.(\w+)", text)}


def _texts(description):
    if isinstance(description, dict):
        description = list(description.values())
    if isinstance(description, list):
        return set().union(*map(_texts, description))
    return {description} if isinstance(description, str) else set()
