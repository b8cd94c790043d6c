"""Execute notebooks and store them in canonical form: outputs kept, noise removed.

A notebook is canonical when executing it again on the same machine changes no byte of it. What is
removed says nothing to a reader: time stamps, versions, random identifiers, the PNG's software tag.
"""

import base64
import hashlib
import io
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat
from nbclient import NotebookClient
from PIL import Image
from tqdm import tqdm

METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python", "pygments_lexer": "ipython3"},
}
CELL_METADATA = ("mystnb", "tags")


def execute(path):
    """Run the notebook at `path` in a fresh kernel and write it back in canonical form."""
    nbformat.write(canonical(executed(path)), path)


def executed(path, allow_errors=False, **environment):
    """Return the notebook at `path` after running it in a fresh kernel.

    Parameters
    ----------
    path : Path
        of the notebook, which is left as it is
    allow_errors : bool
        go on after a cell that raises
    **environment : str
        added to the variables of this process, which the kernel inherits
    """
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=None,  # what is not stored is computed
        allow_errors=allow_errors,
        resources={"metadata": {"path": path.parent}},
    )
    with TemporaryDirectory() as folder:  # exercises note there what was checked, not at home
        quiet = {"BNCOURSE_PROGRESS": f"{folder}/progress.json", "TQDM_DISABLE": "1"}
        client.execute(env=os.environ | quiet | environment)
    return notebook


def canonical(notebook):
    """Return a copy of `notebook` without noise."""
    notebook = nbformat.from_dict(notebook)
    notebook.metadata = nbformat.from_dict(METADATA)
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    seen = {}
    for cell in notebook.cells:
        cell.source = cell.source.strip()
        cell.metadata = {k: v for k, v in cell.metadata.items() if k in CELL_METADATA}
        cell.id = _cell_id(cell.source, seen)
        if cell.get("attachments"):
            raise ValueError(
                f"a picture is pasted into the cell {cell.source[:40]!r}: store it as a file "
                "beside the notebook and link to it, so that it can carry an alt text"
            )
        if "outputs" in cell:
            cell.outputs = list(_joined(cell.outputs))
        for output in cell.get("outputs", []):
            if "image/png" in output.get("data", {}):
                output.data["image/png"] = _plain_png(output.data["image/png"])
    return notebook


def _joined(outputs):
    """Join what a cell printed: in how many pieces the kernel sent it depends on the load."""
    for _, group in groupby(outputs, key=lambda output: output.get("name", id(output))):
        first, *others = group
        if others:
            first.text = "".join([first.text, *(output.text for output in others)])
        yield first


def _cell_id(source, seen):
    """Name a cell by its text, so that adding a cell renames no other."""
    digest = hashlib.sha256(source.encode()).hexdigest()[:8]
    seen[digest] = seen.get(digest, 0) + 1
    return digest if seen[digest] == 1 else f"{digest}-{seen[digest]}"


def _plain_png(text):
    """Encode a PNG again, without its text chunks (they name the software and its version)."""
    pixels = Image.open(io.BytesIO(base64.b64decode(text)))
    pixels.info.clear()
    buffer = io.BytesIO()
    pixels.save(buffer, format="PNG", optimize=True)
    return base64.b64encode(buffer.getvalue()).decode()


def main(paths):
    """Execute each notebook of `paths`, two at a time (each runs in a process of its own)."""
    with ThreadPoolExecutor(2) as pool:
        runs = pool.map(execute, map(Path, paths))
        for _ in tqdm(runs, total=len(paths), unit="notebook", disable=None):
            pass


if __name__ == "__main__":
    main(sys.argv[1:])
