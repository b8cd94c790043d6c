"""Batch norm in a network that is trained further: frozen, half frozen, or from another library.

`freeze` holds statistics, gamma and beta, whatever the training loop calls; `what_moves` and
`what_moves_in_keras` run what is often done in its place, and say what moves all the same;
`convert_batch_norms` takes the numbers of a trained Keras model to PyTorch, or back.
"""

from bncourse.extras import lacking

if error := lacking("bncourse.finetuning", "torch", extra="torch"):
    raise error

from bncourse.finetuning.convert import convert_batch_norms
from bncourse.finetuning.freezing import freeze, unfreeze
from bncourse.finetuning.keras_measures import what_moves_in_keras
from bncourse.finetuning.measures import what_moves
from bncourse.finetuning.moved import Moved

__all__ = [
    "Moved",
    "convert_batch_norms",
    "freeze",
    "unfreeze",
    "what_moves",
    "what_moves_in_keras",
]
