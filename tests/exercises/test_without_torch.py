"""Who has no PyTorch, or reads in a browser, can do the NumPy exercises all the same."""

import subprocess
import sys
from pathlib import Path

import bncourse
from bncourse.exercises.catalogue import exercise_ids, needs_torch

PROGRAM = """
import sys
class Strangers:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"torch", "sklearn", "pandas", "matplotlib", "IPython"}:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Strangers())
from bncourse.exercises import check
from bncourse.exercises.catalogue import exercise_ids
for id in exercise_ids():
    try:
        check(id, lambda: None)
    except ModuleNotFoundError as error:
        assert "needs torch, which is not installed here" in str(error), error
        print(id)
"""


def test_only_the_exercises_about_pytorch_need_it(tmp_path, monkeypatch):
    monkeypatch.setenv("BNCOURSE_PROGRESS", str(tmp_path / "progress.json"))
    result = subprocess.run(
        [sys.executable, "-W", "error", "-c", PROGRAM],
        cwd=Path(bncourse.__file__).parents[1],
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stderr
    assert result.stdout.split() == [id for id in exercise_ids() if needs_torch(id)]
