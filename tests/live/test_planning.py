"""What a cell needs from above: no less, and not what another cell has bound anew."""

import pytest
from planning import names, needed

CELLS = [
    "import numpy as np\nx = np.ones(3)",  # 0
    "y = x + 1",  # 1
    "rows = []",  # 2
    "rows.append(y.sum())",  # 3
    "x = np.zeros(3)",  # 4
    "print(rows)",  # 5
    "print(x)",  # 6
    "def f(a, b=y):\n    return a + x",  # 7
    "f(1)",  # 8
    "for x in range(3):\n    print(x)",  # 9
    "[x for x in rows]",  # 10
]


@pytest.mark.parametrize(
    ("target", "above"),
    [
        (0, []),
        (1, [0]),
        (5, [0, 1, 2, 3]),  # a call may change what a name stands for
        (6, [0, 4]),  # the last one that binds x, and the import
        (8, [0, 1, 4, 7]),  # what a function uses is used where it is called
        (9, []),  # a loop binds its name before it uses it
        (10, [0, 1, 2, 3]),
    ],
)
def test_cell_needs_what_sets_its_names(target, above):
    assert needed(CELLS, target) == above


def test_name_that_a_statement_uses_and_binds_is_needed():
    assert needed(["total = 0", "total = total + 1", "total"], 2) == [0, 1]
    assert needed(["total = 0", "total += 1", "total"], 2) == [0, 1]


def test_item_attribute_and_style_count_as_changes():
    assert names('style["size"] = 3').changes == {"style"}
    assert names("figure.dpi = 3").changes == {"figure"}
    assert names('plt.style.use("course")').changes == {"plt"}
    assert names("plt.show()").changes == set()


def test_builtin_names_are_there():
    assert names("print(len([1]))").uses == set()


def test_code_that_cannot_be_read_needs_nothing():
    assert needed(["x = 1", "x ="], 1) == []
