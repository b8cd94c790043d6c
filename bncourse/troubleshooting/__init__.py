"""Good in training, terrible in evaluation: a tree of questions, asked of the reader's own model.

``diagnose(model, training_loader)`` walks the tree: symptom, measurement, cause, mend. Each
question has a number that is measured and a limit that has a reason; nothing is changed.

A cause is one file in ``measurements``, with a function ``measure(exam)`` that gives a `Measured`
for each layer, and one entry of the same name in ``tree.toml``, with the question and all
sentences: nothing else has to be known. What a measurement may ask is an `Examination`.
"""

from bncourse.extras import lacking

if error := lacking("bncourse.troubleshooting", "torch", extra="torch"):
    raise error

from bncourse.troubleshooting.diagnose import diagnose
from bncourse.troubleshooting.report import Report
from bncourse.troubleshooting.sentences import Finding

__all__ = ["Finding", "Report", "diagnose"]
