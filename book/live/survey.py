"""Find the cells that need PyTorch: run every notebook as a page does, without PyTorch.

What was found is kept in ``need_torch.json``; the tests run all other cells in a browser.
"""

import json
import os
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

from live import bar, cells

PYTHON = (
    Path(__file__).parent / "python"
)  # what runs in the worker, where each module is at the top


def failing(path):
    """Return the ids of the cells of a notebook that cannot run without PyTorch.

    Parameters
    ----------
    path : str
        of the notebook, from the folder of the chapters
    """
    with TemporaryDirectory() as place:
        os.environ |= {
            "BNCOURSE_PROGRESS": f"{place}/progress.json",
            "MPLBACKEND": "module://figures",
            "TQDM_DISABLE": "1",
        }
        subprocess.Popen = _no_process
        sys.path.insert(0, str(PYTHON))
        from session import Session

        found, failed = cells.of_page(cells.CHAPTERS / path), set()
        while True:
            page = [cells.as_run(cell | {"torch": cell["id"] in failed}) for cell in found]
            page = [{"id": cell["id"], "source": cell["runs"]} for cell in page]
            session = Session(lambda kind, message: None, bar.words()["python"], "")
            session.plan(page, page[-1]["id"], above=True)
            fresh = {cell["id"] for cell in page if not session.run(cell["id"])} - failed
            if not fresh:
                return [cell["id"] for cell in found if cell["id"] in failed]
            failed |= fresh


def _no_process(*args, **kwargs):
    raise OSError("there are no processes in a browser")


def main():
    """Survey all notebooks, each in a process of its own, and write what was found."""
    paths = sorted(
        path.relative_to(cells.CHAPTERS).as_posix()
        for path in cells.CHAPTERS.rglob("*.ipynb")
        if ".ipynb_checkpoints" not in path.parts and "investigations" not in path.parts
    )
    with ProcessPoolExecutor(2, max_tasks_per_child=1) as pool:
        found = dict(zip(paths, pool.map(failing, paths), strict=True))
    kept = {path: ids for path, ids in found.items() if ids}
    cells.NEED_TORCH.write_text(json.dumps(kept, indent=1) + "\n", "utf-8")
    print(f"{sum(map(len, kept.values()))} cells need PyTorch")


if __name__ == "__main__":
    main()
