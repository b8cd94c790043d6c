"""Compute the results that the chapters need and the repository lacks, and remove the others.

A result is missing if no file answers its question, and outdated if other code made the file. What
was computed is kept, whenever this is interrupted. With ``BNCOURSE_RESULTS=keep``, an outdated
result stays if a part of it, computed again by the code of today, agrees. Notebooks on data that no
package carries are left as they are unless the environment variable EXTRA is 1.
"""

import os
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
from notebooks import executed
from tqdm import tqdm

from bncourse.evidence.store import MODE, folder, remove_unused

CHAPTERS = Path(__file__).parents[1] / "chapters"
STORED = re.compile(r"^stored result (\w+):", re.M)
PROCESSES = 2
EXTRA = ("larger-images",)  # need data that no package carries


def chapters():
    """Return the paths of the notebooks whose results can be made here, in alphabetical order."""
    left_out = () if os.environ.get("EXTRA") == "1" else EXTRA
    return [path for path in all_chapters() if path.stem not in left_out]


def all_chapters():
    """Return the paths of the notebooks that ask for results, in the order of their names."""
    return [
        path
        for path in sorted(CHAPTERS.rglob("*.ipynb"))
        if ".ipynb_checkpoints" not in path.parts and "bncourse.experiments" in path.read_text()
    ]


def keys(notebook):
    """Return the keys of the stored results that a notebook's outputs name."""
    texts = [o.get("text", "") for cell in notebook.cells for o in cell.get("outputs", [])]
    return {key for text in texts for key in STORED.findall(text)}


def stored_keys(paths):
    """Return the keys that notebooks name, as they are stored."""
    return set().union(*(keys(nbformat.read(path, as_version=4)) for path in paths))


def make(paths):
    """Execute notebooks, some at a time, storing what is missing; return the keys that they use."""
    used, mode = set(), os.environ.get(MODE, "make")
    with ThreadPoolExecutor(PROCESSES) as pool, tqdm(total=len(paths), unit="notebook") as bar:
        runs = [pool.submit(executed, path, **{MODE: mode}) for path in paths]
        for path, run in zip(paths, runs, strict=True):
            bar.set_postfix_str(f"{path.stem}, {len(list(folder().glob('*.npz')))} results stored")
            used |= keys(run.result())
            bar.update()
    return used


def main():
    """Make what is missing, remove what no notebook asks for, and say how much there is."""
    made = chapters()
    left_out = set(all_chapters()) - set(made)
    removed = remove_unused(make(made) | stored_keys(left_out))
    files = list(folder().glob("*.npz"))
    size = sum(os.path.getsize(file) for file in files)
    print(
        f"{len(files)} results, {size / 1e6:.1f} MB; {len(removed)} removed: now `make notebooks`"
    )


if __name__ == "__main__":
    main()
