"""What stands at the door: a wheel that is whole, and files that other services read."""

import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml

import bncourse

ROOT = Path(bncourse.__file__).parents[1]
GITHUB = ROOT / ".github"
SCHEMAS = {
    "github-workflows": [*GITHUB.glob("workflows/*.yml")],
    "github-issue-forms": [GITHUB / "ISSUE_TEMPLATE" / "mistake.yml"],
    "github-issue-config": [GITHUB / "ISSUE_TEMPLATE" / "config.yml"],
    "dependabot": [GITHUB / "dependabot.yml"],
}
WITHOUT_TORCH = """
import sys
class Strangers:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"torch", "sklearn", "matplotlib", "scipy", "attrs", "attr"}:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Strangers())
"""
PROGRAM = """
import numpy as np
import bncourse
assert bncourse.__file__.startswith(sys.argv[1]), bncourse.__file__
from bncourse.exercises import check, hint, quiz, solution
wrong = check("batch-norm-forward", lambda x, gamma, beta, eps=1e-5: x - x.mean(0))
print(wrong.mistakes, hint("folding"), solution("folding"), quiz("forward-pass"), sep="\\n")
from bncourse import scratch
scratch.batch_norm(np.ones((4, 2)))
from bncourse.drawings import batch_through_batch_norm
for ask in (lambda: check("freezing", print), lambda: __import__("bncourse.nn")):
    try:
        ask()
    except ModuleNotFoundError as error:
        print(error)
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Return the folder of an installed wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    shutil.copytree(ROOT / "bncourse", folder / "source" / "bncourse")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder / "source")
    options = ["--no-deps", "--no-build-isolation", "--quiet", "--wheel-dir", str(folder)]
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", *options, str(folder / "source")], check=True
    )
    (file,) = folder.glob("*.whl")
    zipfile.ZipFile(file).extractall(folder / "installed")
    return folder / "installed"


def test_a_wheel_runs_what_needs_numpy_alone_and_names_what_the_rest_needs(wheel, tmp_path):
    program = WITHOUT_TORCH + PROGRAM
    environment = {"PYTHONPATH": str(wheel), "BNCOURSE_PROGRESS": str(tmp_path / "p.json")}
    command = [sys.executable, "-W", "error", "-c", program, str(wheel)]
    result = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    *_, exercise, room = result.stdout.splitlines()
    assert exercise.startswith("the exercise 'freezing' needs torch")
    assert room.startswith("bncourse.nn needs torch")
    assert exercise.endswith("`pip install 'bncourse[torch]'` brings it")


def test_a_wheel_holds_every_file_of_the_package(wheel):
    def files(folder):
        every = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
        return {str(path) for path in every if "__pycache__" not in path.parts}

    assert files(ROOT / "bncourse") == files(wheel / "bncourse")


def test_the_version_is_typed_once():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert "version" in project["dynamic"]
    assert "version" not in yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))


def test_what_a_check_needs_is_pinned_as_in_the_whole():
    lines = (ROOT / "requirements-check.txt").read_text("utf-8").splitlines()
    pins = {line for line in lines if "==" in line}
    assert pins
    assert pins <= set((ROOT / "constraints.txt").read_text("utf-8").splitlines())


@pytest.mark.parametrize("schema", SCHEMAS)
def test_a_file_for_another_service_follows_its_schema(schema):
    assert SCHEMAS[schema]
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}"]
    result = subprocess.run([*command, *SCHEMAS[schema]], capture_output=True, text=True)
    assert result.returncode == 0, result.stdout


def test_the_issue_form_asks_for_the_lines_of_a_mistake():
    form = yaml.safe_load((GITHUB / "ISSUE_TEMPLATE" / "mistake.yml").read_text("utf-8"))
    assert {"line", "says", "next", "see"} <= {part["id"] for part in form["body"]}


def test_workflows_run_commands_that_exist():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for path in GITHUB.glob("workflows/*.yml"):
        for job in yaml.safe_load(path.read_text("utf-8"))["jobs"].values():
            for step in job["steps"]:
                command = step.get("run", "").split()
                if command[:1] == ["make"]:
                    assert f"\n{command[1].replace('.venv', '$(VENV)')}:" in makefile, command
