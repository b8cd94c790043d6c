"""What the page has asked for and what has run, by the ids of cells."""

import os
import sys
import time
from types import ModuleType

import packages
import placeholder
import planning
import student
from kernel import Kernel

PROGRESS = "BNCOURSE_PROGRESS"
ABSENT = "torch", "keras", "onnx", "onnxruntime", "joblib", "tqdm"  # can be named, and not used


class Session:
    """Runs the cells of one page.

    Parameters
    ----------
    post : callable
        ``post(kind, message)`` tells the page, in plain data
    words : dict of str to str
        what the page says
    progress : str
        what was passed and tried, as the page remembers it, or nothing
    """

    def __init__(self, post, words, progress):
        self.post, self.here = post, None
        self.ran = {}  # id: the source that ran last
        self.turn, self.turns = {}, 0  # id: when
        self.sources = {}
        self.has = set()  # large packages
        self.kernel = Kernel(self._show, words, ABSENT)
        self.file = os.environ.setdefault(PROGRESS, "/progress.json")
        self.progress = ""
        self.write_progress(progress)
        placeholder.stand_in_for(*ABSENT)
        self.make_room_for_scipy = student.install()
        sys.modules["myst_nb"] = _without_a_book()

    def plan(self, cells, target, above):
        """Return the ids of the cells to run, in order.

        Parameters
        ----------
        cells : list of dict
            "id" and "source" of all cells of the page that can run
        target : str
            the id of the cell that is asked for, which runs in any case
        above : bool
            run all that stands above it, not only what it needs
        """
        ids = [cell["id"] for cell in cells]
        sources = tuple(cell["source"] for cell in cells)
        self.sources = dict(zip(ids, sources, strict=True))
        place = ids.index(target)
        chosen = range(place) if above else planning.needed(sources, place)
        stale = set()
        for n in chosen:
            if self._is_stale(ids[n], [ids[m] for m in planning.needed(sources, n)], stale):
                stale.add(ids[n])
        return [id for id in ids if id in stale] + [target]

    def _is_stale(self, id, below, stale):
        """Return whether a cell must run: it has changed, or something that it needs has."""
        if self.ran.get(id) != self.sources[id]:
            return True
        return any(other in stale or self.turn[other] > self.turn[id] for other in below)

    def packages(self, id):
        """Return the large packages that a cell needs and that are not there yet."""
        return [name for name in packages.wanted(self.sources[id]) if name not in self.has]

    def loaded(self, names):
        """Note that packages are there."""
        self.has |= set(names)
        if "scipy" in names:
            self.make_room_for_scipy()

    def run(self, id):
        """Run a cell; return whether it ended without an error."""
        self.here = id
        start = time.perf_counter()
        fine = self.kernel.run(f"cell {id}", self.sources[id])
        self.ran[id] = self.sources[id] if fine else None
        self.turns += 1
        self.turn[id] = self.turns
        self._tell_progress()
        self.post("end", {"id": id, "fine": fine, "seconds": time.perf_counter() - start})
        return fine

    def write_progress(self, text):
        """Take over what another page of the book has noted."""
        if text:
            self.progress = text
            with open(self.file, "w", encoding="utf-8") as file:
                file.write(text)

    def _tell_progress(self):
        try:
            with open(self.file, encoding="utf-8") as file:
                text = file.read()
        except FileNotFoundError:
            return
        if text != self.progress:
            self.progress = text
            self.post("progress", {"text": text})

    def _show(self, output):
        self.post("output", {"id": self.here, "output": output})


def _without_a_book():
    """Return what stands for MyST-NB: numbers for a text that is already written."""
    module = ModuleType("myst_nb")
    module.glue = lambda name, value, display=True: None
    return module
