"""What only names a package that is not there works; what computes with it says what is missing."""

import subprocess
import sys
from pathlib import Path

PYTHON = Path(__file__).parents[2] / "book" / "live" / "python"
PROGRAM = """
import sys
sys.path.insert(0, {python!r})
import placeholder
finder = placeholder.stand_in_for("torch", "missing")
import torch
import torch.nn.functional as F
from torch import nn
from missing.inner import anything

class Layer(nn.Module):
    size = 3

@torch.no_grad()
def measured(x: torch.Tensor) -> int | torch.Tensor:
    return 2 * x

assert measured(2) == 4
assert not isinstance(3, torch.Tensor)
assert torch.float32 is torch.float32
for call in (lambda: torch.ones(3), Layer, lambda: F.relu(1), lambda: anything(1)):
    try:
        call()
    except placeholder.NotHereError as error:
        assert error.name in ("torch", "missing"), error.name
    else:
        raise AssertionError("it computed")
from bncourse.experiments import Config, run
from bncourse.experiments.probes import gradient_norms
sys.meta_path.remove(finder)
"""


def test_what_names_a_package_works_and_what_computes_with_it_says_so():
    program = PROGRAM.format(python=str(PYTHON))
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
