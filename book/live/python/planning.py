"""Which cells a cell needs to have run: those above it that set what it uses, and what these use.

Names are followed through each statement. A cell uses a name that it has not bound before, and sets
a name that it binds, or whose value it may change: ``rows.append(…)``, ``plt.style.use(…)``.
"""

import ast
import builtins
import symtable
from dataclasses import dataclass
from functools import cache

KNOWN = frozenset(dir(builtins)) | {"__name__", "__class__"}
WITH_OLD_VALUE = ast.Assign | ast.AnnAssign  # x = x + 1 uses x; a loop does not
SHOWING = {"show", "close", "savefig"}  # calls that change nothing that a later cell sees


@dataclass(frozen=True)
class Names:
    """The names that a cell uses, binds, and whose values it may change.

    Attributes
    ----------
    uses, binds, changes : frozenset of str
    """

    uses: frozenset = frozenset()
    binds: frozenset = frozenset()
    changes: frozenset = frozenset()


@cache
def names(source):
    """Return what a cell uses, binds and changes; nothing if it cannot be read.

    Parameters
    ----------
    source : str

    Returns
    -------
    Names
    """
    try:
        statements = ast.parse(source).body
    except SyntaxError:
        return Names()
    uses, bound, changed = set(), set(), set()
    for statement in statements:
        used, assigned = _of_statement(statement)
        uses |= used - bound
        bound |= assigned
        changed |= _changed_by(statement)
    return Names(frozenset(uses - KNOWN), frozenset(bound), frozenset(changed))


def needed(sources, target):
    """Return the places of the cells above a target that it needs, in order.

    Parameters
    ----------
    sources : sequence of str
        of all cells, in order
    target : int
        the place of the cell that is asked for
    """
    all_names = [names(source) for source in sources[: target + 1]]
    wanted, found = set(all_names[target].uses), []
    for place in reversed(range(target)):
        cell = all_names[place]
        if (cell.binds | cell.changes) & wanted:
            wanted = (wanted - cell.binds) | cell.uses
            found.append(place)
    return found[::-1]


def _of_statement(statement):
    """Return the names that a statement uses, and those that it binds."""
    table = symtable.symtable(ast.unparse(statement), "cell", "exec")
    own = table.get_symbols()
    bound = {s.get_name() for s in own if s.is_assigned() or s.is_imported() or s.is_namespace()}
    used = {s.get_name() for s in own if s.is_referenced()}
    if isinstance(statement, ast.AugAssign):
        used |= bound
    elif not isinstance(statement, WITH_OLD_VALUE):
        used -= bound
    return used | _global_in(table.get_children()), bound


def _global_in(tables):
    """Return the global names that functions and classes use."""
    found = set()
    for table in tables:
        found |= {s.get_name() for s in table.get_symbols() if s.is_global()}
        found |= _global_in(table.get_children())
    return found


def _changed_by(statement):
    """Return the names whose values a statement may change."""
    found = set()
    for node in ast.walk(statement):
        if isinstance(node, ast.Attribute | ast.Subscript) and not isinstance(node.ctx, ast.Load):
            found |= _owner(node)
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            called = node.value.func
            if isinstance(called, ast.Attribute) and called.attr not in SHOWING:
                found |= _owner(called)
    return found


def _owner(node):
    """Return the name at the root of ``name.attribute[…]``, if it is one."""
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return {node.id} if isinstance(node, ast.Name) else set()
