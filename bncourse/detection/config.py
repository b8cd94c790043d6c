"""Everything that decides the training of a small detector, in one place."""

from collections.abc import Callable
from typing import ClassVar

import attrs
from attrs import field

from bncourse.data import Splits
from bncourse.detection.scenes import scenes
from bncourse.evidence.settings import Settings, choice, counted, function, real


@attrs.frozen(kw_only=True)
class Detector(Settings):
    r"""Every setting of a small detector and of its training, but the seed.

    A network of `depth` convolutions, each with a norm and ReLU, and the first two with pooling,
    so that 16 by 16 pixels become 4 by 4 cells. It is pretrained on digits in the middle of a blank
    image; then a new head, one more convolution, says of each cell whether the middle of the digit
    is there, which digit it is, and how far from the middle of the cell. All is trained for that.

    Parameters
    ----------
    data : callable
        takes a seed, returns ``bncourse.data.Splits``, as ``bncourse.detection.scenes`` does
    depth, width : int
        convolutions before the head, and channels of each
    norm : {"batch", "frozen", "group"}
        of all convolutions but the head. Frozen is batch norm with the running statistics, gamma
        and beta of the pretraining, which stay
    norm_batch : int or None
        images that share their statistics in batch norm: those of one device; None is the whole
        batch, which is what synchronizing all devices makes of it
    groups : int
        of group norm
    start : {"pretrained", "scratch"}
        where the convolutions and their norms begin: with what pretraining has made of them (with
        the same kind of norm, and the whole batch as its pool), or with initial weights
    optimizer : {"adam", "sgd"}
        with the meaning of ``torch.optim``, SGD with a momentum of 0.9
    learning_rate : float
        at the start; it falls in a straight line to 0 at the end
    batch_size, epochs : int
        images of a step, on all devices together; the last, incomplete batch of an epoch is left
        out

    Raises
    ------
    TypeError
        A setting is unknown, or not of its type.
    ValueError
        A setting is out of range, or two contradict each other.
    """

    stack: ClassVar[str] = "bncourse.detection.stack:DetectorStack"
    per_member: ClassVar[tuple] = ("learning_rate",)
    proven_steps: ClassVar[int] = 50
    model: ClassVar[str] = "detector"
    activation: ClassVar[str] = "relu"

    data: Callable[[int], Splits] = field(default=scenes, validator=function)
    depth: int = counted(3)
    width: int = counted(12)
    norm: str = choice("batch", "frozen", "group")
    norm_batch: int | None = counted(None, optional=True)
    groups: int = counted(2)
    start: str = choice("pretrained", "scratch")
    optimizer: str = choice("adam", "sgd")
    learning_rate: float = real(0.01)
    batch_size: int = counted(16)
    epochs: int = counted(8)

    def _contradictions(self):
        yield (
            self.norm != "batch" and self.norm_batch,
            f"norm_batch={self.norm_batch} means nothing with norm={self.norm!r}: leave it out",
        )
        yield (
            self.norm_batch and self.batch_size % self.norm_batch,
            f"norm_batch={self.norm_batch} must divide batch_size={self.batch_size}",
        )
        yield (
            self.norm == "group" and self.width % self.groups,
            f"groups={self.groups} must divide width={self.width}",
        )
