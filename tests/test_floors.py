"""The floors of the package: which room may import what, and that the lowest needs no torch."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import bncourse

ROOT = Path(bncourse.__file__).parent
STANDARD = set(sys.stdlib_module_names)

# Room: third-party packages it may import, rooms of ours it may import besides itself. Imports
# inside functions count too; `bncourse.data` asks for scikit-learn by name, when it is needed.
FLOORS = {
    "scratch": ({"numpy"}, set()),
    "data": ({"numpy"}, {"scratch"}),
    "extras": (set(), set()),
    "nn": ({"torch"}, {"extras"}),
    "distributed": ({"torch"}, {"extras", "nn"}),
    "inference": ({"torch"}, {"extras", "nn"}),
    "finetuning": ({"torch", "keras"}, {"extras", "nn"}),
    "population": ({"torch", "tqdm"}, {"extras", "nn"}),
    "troubleshooting": ({"numpy", "torch"}, {"extras", "nn"}),
    "plots": ({"numpy", "matplotlib"}, {"extras", "scratch", "data"}),
    "drawings": ({"numpy"}, {"scratch"}),
    "statistics": ({"numpy", "scipy"}, {"extras"}),
    "claims": ({"numpy"}, {"statistics"}),
    "checker": ({"numpy"}, set()),
    "exercises": ({"numpy", "scipy", "torch"}, {"checker", "extras", "scratch", "data", "nn"}),
    "evidence": ({"numpy", "attrs"}, {"extras", "scratch", "data"}),
    "experiments": (
        {"attrs", "numpy", "scipy", "torch", "joblib", "tqdm"},
        {"scratch", "data", "evidence"},
    ),
    "sequences": ({"attrs", "torch"}, {"data", "evidence", "experiments"}),
    "detection": (
        {"attrs", "numpy", "torch"},
        {"data", "evidence", "experiments", "sequences"},
    ),
}
TORCH_FREE = [
    *("scratch", "data", "plots", "drawings", "statistics", "claims", "checker"),
    *("exercises", "evidence"),
    *("experiments", "sequences", "detection"),  # as far as results are stored
]

WITHOUT_STRANGERS = """
import sys
class Strangers:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"torch", "sklearn"}:
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Strangers())
"""


def rooms():
    return sorted(
        p.stem for p in ROOT.iterdir() if p.suffix == ".py" or (p / "__init__.py").exists()
    )


def files_of(room):
    folder = ROOT / room
    return sorted(folder.rglob("*.py")) if folder.is_dir() else [ROOT / f"{room}.py"]


def imported(path):
    """Return the dotted names that the file imports, relative imports resolved."""
    package = path.relative_to(ROOT.parent).with_suffix("").parts[:-1]
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join((*base, *filter(None, [node.module])))
            yield from (f"{module}.{alias.name}" for alias in node.names)


def test_every_room_has_its_floor():
    assert set(rooms()) - {"__init__"} == set(FLOORS)


@pytest.mark.parametrize("room", FLOORS)
def test_a_room_imports_only_from_below(room):
    third_party, below = FLOORS[room]
    for path in files_of(room):
        for name in imported(path):
            top, *rest = name.split(".")
            if top == "bncourse":
                assert rest and rest[0] in {room, *below}, f"{path} imports {name}"
            else:
                assert top in STANDARD | third_party, f"{path} imports {name}"


def test_the_package_itself_imports_nothing():
    assert list(imported(ROOT / "__init__.py")) == []


@pytest.mark.parametrize("room", TORCH_FREE)
def test_a_room_that_needs_no_torch_imports_where_torch_cannot(room):
    program = f"{WITHOUT_STRANGERS}\nimport bncourse.{room}"
    result = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        cwd=ROOT.parent,
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stderr
