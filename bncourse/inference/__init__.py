"""What happens to a trained network before it is used: batch norm folded away, and the proof.

In evaluation mode batch norm is a straight line for each channel. `fold` puts it into the layer
before it, `fold_before` into the layer after it, `fold_all` does so wherever a network allows it,
and `check_parity` compares the outputs. `compiled` hands a network to ``torch.compile``.
"""

from bncourse.extras import lacking

if error := lacking("bncourse.inference", "torch", extra="torch"):
    raise error

from bncourse.inference.compiling import NoCompilerError, compiled, kernels
from bncourse.inference.folding import fold, fold_before
from bncourse.inference.network import Folded, Left, fold_all
from bncourse.inference.parity import Deviation, check_parity, deviations

__all__ = [
    "Deviation",
    "Folded",
    "Left",
    "NoCompilerError",
    "check_parity",
    "compiled",
    "deviations",
    "fold",
    "fold_all",
    "fold_before",
    "kernels",
]
