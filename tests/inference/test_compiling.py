"""A norm compiled with its neighbour, and what is said where no C++ compiler is."""

import json
import os
import shutil
import subprocess
import sys
import textwrap
from copy import deepcopy
from pathlib import Path

import pytest
import torch
from torch import nn
from torch.testing import assert_close

from bncourse.inference import NoCompilerError, compiled, kernels

pytestmark = [  # PyTorch's compiler imports what PyTorch deprecates, and traces autograd functions
    pytest.mark.filterwarnings("ignore:.torch.jit.script:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:.*should not be instantiated:DeprecationWarning"),
]
ROOT = Path(__file__).parents[2]
needs_compiler = pytest.mark.skipif(
    not shutil.which(os.environ.get("CXX", "g++")), reason="there is no C++ compiler"
)
WITHOUT = """
import torch
from bncourse.inference import NoCompilerError, compiled
try:
    compiled(torch.nn.BatchNorm1d(3).eval(), torch.randn(4, 3))
except NoCompilerError as error:
    print(error)
"""


@pytest.fixture
def pair(trained, namespace):
    return trained(nn.Sequential(namespace.BatchNorm2d(4), nn.ReLU()))


@needs_compiler
@torch.no_grad()
def test_norm_and_relu_become_one_piece_that_computes_the_same(pair):
    x, compiled_pair = torch.randn(3, 4, 5, 5), deepcopy(pair).train()
    fast = compiled(compiled_pair, x)
    assert_close(fast(x), pair.train()(x))
    (name,) = kernels(fast, x)
    assert "relu" in name.split("_")
    for _ in range(2):  # each of them was called three times
        pair(x)
    assert_close(list(compiled_pair.buffers()), list(pair.buffers()))


@needs_compiler
def test_cache_is_that_of_the_process_alone(tmp_path, monkeypatch):
    monkeypatch.setenv("TORCHINDUCTOR_CACHE_DIR", str(tmp_path / "shared"))
    compiled(nn.Hardtanh(0, 5), torch.randn(3))
    assert not (tmp_path / "shared").exists()
    assert os.environ["TORCHINDUCTOR_CACHE_DIR"] == str(tmp_path / "shared")


def test_without_a_compiler_one_sentence_says_so():
    environment = os.environ | {"CXX": "/nowhere/g++", "PYTHONPATH": str(ROOT)}
    told = subprocess.run(
        [sys.executable, "-c", WITHOUT], env=environment, capture_output=True, text=True, check=True
    )
    assert told.stdout.startswith("no C++ compiler that works was found here: torch.compile needs")
    assert told.stdout.count("\n") == 1


def test_a_model_that_cannot_be_compiled_is_no_lack_of_a_compiler():
    class Breaks(nn.Module):
        def forward(self, x):
            return x * x.sum().item() if x.sum() > 0 else x

    with pytest.raises(RuntimeError) as told:
        compiled(Breaks(), torch.ones(3))
    assert not isinstance(told.value, NoCompilerError)


def test_the_chapter_goes_on_without_a_compiler(capsys):
    def show_compiled(name):
        raise NoCompilerError("there is none")

    notebook = json.loads((ROOT / "chapters" / "on-the-way-to-use.ipynb").read_text("utf-8"))
    sources = ("".join(cell["source"]) for cell in notebook["cells"])
    (source,) = (source for source in sources if "except NoCompilerError" in source)
    names = {"textwrap": textwrap, "NoCompilerError": NoCompilerError}
    exec(source, names | {"show_compiled": show_compiled})
    assert capsys.readouterr().out == "there is none\n"
