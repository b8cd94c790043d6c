"""What the package states about its types is true, and stated for all that is public."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def pyrefly(*words):
    command = [sys.executable, "-m", "pyrefly", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8")


def test_signatures_agree_with_the_code_and_with_each_other():
    done = pyrefly("check", "--output-format", "min-text")
    assert done.returncode == 0, done.stdout


def test_every_public_function_and_method_states_its_types():
    done = pyrefly("coverage", "report", "--public-only")
    modules = json.loads(done.stdout)["module_reports"]
    callables = [
        symbol
        for module in modules
        for symbol in module["symbol_reports"]
        if symbol["kind"] in ("function", "method", "property")
    ]
    assert len(callables) > 500
    assert [symbol["name"] for symbol in callables if symbol["n_untyped"]] == []
