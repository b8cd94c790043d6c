"""An average over hardly more than the last batch: another library's momentum."""

from collections.abc import Iterator

from bncourse.troubleshooting.examination import Examination
from bncourse.troubleshooting.measured import Measured, below

FELT = 0.05  # standard deviations: what a batch must bring for it to matter which one was last


def measure(exam: Examination) -> Iterator[Measured]:
    """Return over how many batches the running statistics average, (2 - m) / m.

    An average whose newest batch has the weight m has the variance m / (2 - m) of a batch's own:
    that of a plain mean over (2 - m) / m batches.
    """
    for norm, fit in exam.fits.items():
        if norm.momentum:
            batches = (2 - norm.momentum) / norm.momentum
            other = round(1 - norm.momentum, 6)
            facts = {"momentum": norm.momentum, "other": other, "noise": fit.spread}
            yield below(norm.name, batches, 3, certain=fit.spread > FELT, **facts)
