"""The cells of code of a page: their names, their sources, and which of them need PyTorch."""

import ast
import json
from pathlib import Path

HERE = Path(__file__).parent
NEED_TORCH = HERE / "need_torch.json"
CHAPTERS = HERE.parents[1] / "chapters"


def need_torch():
    """Return the ids of the cells that need PyTorch, by notebook: what `survey` found."""
    return json.loads(NEED_TORCH.read_text("utf-8"))


def of_page(path):
    """Return the cells of code of a notebook, in order; none for a page that is none.

    Parameters
    ----------
    path : str or Path
        the source of the page

    Returns
    -------
    list of dict
        "id", "source", "torch", whether it needs PyTorch, and "runs", the code that a page runs:
        the source, or of a cell that needs PyTorch its imports, which other cells may rest on
    """
    path = Path(path)
    if path.suffix != ".ipynb":
        return []
    torch = set(need_torch().get(path.relative_to(CHAPTERS).as_posix(), []))
    return [
        as_run({"id": cell["id"], "source": "".join(cell["source"]), "torch": cell["id"] in torch})
        for cell in _notebook(path)
        if cell["cell_type"] == "code"
    ]


def as_run(cell):
    """Return a cell with the code that a page runs."""
    return cell | {"runs": _imports(cell["source"]) if cell["torch"] else cell["source"]}


def _imports(source):
    nodes = ast.parse(source).body
    return "\n".join(ast.unparse(n) for n in nodes if isinstance(n, ast.Import | ast.ImportFrom))


def _notebook(path):
    return json.loads(Path(path).read_text("utf-8"))["cells"]
