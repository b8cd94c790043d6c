"""Write a line of the right answer wrongly: find the place of a line, and put it there.

A line replaces the one that sets the same name: ``std = var + eps`` goes where ``std = …`` stands.
``return …`` replaces the return, ``for x in y:`` the head of the loop over ``x``, and a function
(or a class) with a body the whole function of that name. A line for a name that is set nowhere
stands first. Where this is not enough, a mistake says inside which function the line stands, or
instead of which one.
"""

import ast
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from textwrap import dedent

BLOCKS = (
    "body",
    "orelse",
    "finalbody",
    "handlers",
)  # the parts of a compound statement that hold statements


@dataclass(frozen=True)
class Place:
    """Where lines go.

    Attributes
    ----------
    start, end : (int, int)
        line and column of the first and the last character that are replaced
    name : str
        what is set at the beginning of a function, where nothing is replaced
    """

    start: tuple[int, int]
    end: tuple[int, int]
    name: str = ""

    def overlaps(self, other: "Place") -> bool:
        """Say whether two lines cannot both be written, for they go to the same place."""
        if self.name or other.name:
            return self.name == other.name
        return self.start <= other.end and other.start <= self.end


@dataclass(frozen=True)
class Change:
    """Statements, and the place where they go; `head` says that a body stays below them."""

    place: Place
    statements: tuple[ast.stmt, ...]
    head: bool = False

    def made_to(self, statement: ast.stmt) -> list[ast.stmt]:
        """Return what stands in the place of `statement`."""
        if not self.head:
            return list(self.statements)
        fresh = copy(self.statements[0])
        # pyrefly: ignore[missing-attribute]
        fresh.body, fresh.orelse = statement.body, getattr(statement, "orelse", [])
        return [fresh]


def changes(
    tree: ast.Module, line: str, inside: str | None = None, instead_of: str | None = None
) -> list[Change]:
    """Return what a line changes in a solution.

    Parameters
    ----------
    tree : ast.Module
        the solution
    line : str
        a line, or several, or the head of a compound statement, which ends in a colon
    inside : str, optional
        the function, or the class, in which the line stands
    instead_of : str, optional
        the line that is replaced, where the name that is set does not tell

    Returns
    -------
    list of Change

    Raises
    ------
    ValueError : the line has no place, or more than one.
    """
    room = _only(_definitions(tree, inside), f"function {inside!r}") if inside else tree
    statements, head = _parsed(line)
    if instead_of is not None:
        (wanted,), _ = _parsed(instead_of)
        same = [s for s in _statements(room) if _head_of(s) == _head_of(wanted)]
        replaced = _only(same, f"line {instead_of!r}")
        return [Change(_place(replaced, head), tuple(statements), head)]
    return [_change(room, statement, head) for statement in statements]


def _change(room, statement, head):
    """Return the change for one statement, whose place is told by the name that it sets."""
    key = _key(statement)
    same = [s for s in _statements(room) if _key(s) == key]
    if same:
        return Change(_place(_only(same, f"line for {key!r}"), head), (statement,), head)
    first = _first(room)
    at = first.lineno, first.col_offset
    return Change(Place(at, at, name=key), (statement,))


def rewritten(tree: ast.Module, all_changes: Sequence[Change]) -> ast.Module:
    """Return the tree of a solution with the changes made; what stays the same is shared."""
    replacing = {change.place.start: change for change in all_changes if not change.place.name}
    before = {}
    for change in all_changes:
        if change.place.name:
            before.setdefault(change.place.start, []).extend(change.statements)

    def block(statements):
        fresh = []
        for statement in statements:
            at = statement.lineno, statement.col_offset
            change, inner = replacing.get(at), with_blocks(statement)
            fresh += before.get(at, [])
            fresh += change.made_to(inner) if change else [inner]
        return fresh

    def with_blocks(statement):
        fresh = copy(statement)
        for name in BLOCKS:
            if getattr(statement, name, None):
                setattr(fresh, name, block(getattr(statement, name)))
        return fresh

    return ast.Module(block(tree.body), type_ignores=[])


def _parsed(line):
    """Return the statements of a line, and whether it is the head of a compound statement."""
    line = dedent(line).strip()
    if line.endswith(":"):
        return ast.parse(f"{line}\n    pass").body, True
    return ast.parse(line).body, False


def _statements(room):
    return [node for node in ast.walk(room) if isinstance(node, ast.stmt) and node is not room]


def _definitions(tree, name):
    return [s for s in _statements(tree) if _key(s) == f"def {name}"]


def _only(found, what):
    if len(found) != 1:
        raise ValueError(f"the solution has {len(found)} times the {what}; one is needed")
    return found[0]


def _key(statement):
    """Return what tells the place of a statement: the name that it sets, or what it is."""
    match statement:
        case ast.Assign(targets=[target]):
            return ast.unparse(target)
        case ast.Import() | ast.ImportFrom():
            return ast.unparse(statement)
        case ast.AnnAssign(target=target) | ast.AugAssign(target=target):
            return ast.unparse(target)
        case ast.For(target=target):
            return f"for {ast.unparse(target)}"
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return f"def {name}"
        case ast.Expr(value=ast.Call(func=function)):
            return ast.unparse(function)
    return type(statement).__name__.lower()


def _head_of(statement):
    """Return a statement as text, without its body."""
    if hasattr(statement, "body"):
        statement = copy(statement)
        statement.body, statement.orelse = [ast.Pass()], []
    return ast.unparse(ast.fix_missing_locations(statement))


def _place(statement, head):
    start = statement.lineno, statement.col_offset
    if not head:
        return Place(start, (statement.end_lineno, statement.end_col_offset))
    body = statement.body[0]
    return Place(start, (body.lineno, body.col_offset - 1))


def _first(room):
    """Return the statement before which a line stands that stands first."""
    if isinstance(room, ast.Module) and isinstance(room.body[-1], ast.FunctionDef):
        room = room.body[-1]
    elif isinstance(room, ast.Module):
        return next(s for s in room.body if not isinstance(s, ast.Import | ast.ImportFrom))
    return room.body[0]
