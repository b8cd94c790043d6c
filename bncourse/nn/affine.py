"""The affine map that every norm ends with."""

from collections.abc import Sequence

import torch
from torch import nn
from torch.types import Device


class AffineNorm(nn.Module):
    """A norm with a weight that starts at 1 and a bias that starts at 0.

    Parameters
    ----------
    shape : int or tuple of int
        of ``weight`` and ``bias``
    device, dtype : optional
        of both
    **wanted : bool
        for ``weight``, and for ``bias`` if the norm knows one, whether it is there or None
    """

    weight: nn.Parameter | None
    bias: nn.Parameter | None

    def __init__(
        self, shape: int | Sequence[int], device: Device, dtype: torch.dtype | None, **wanted: bool
    ) -> None:
        super().__init__()
        for name, present in wanted.items():
            values = torch.empty(shape, device=device, dtype=dtype) if present else None
            self.register_parameter(name, None if values is None else nn.Parameter(values))

    def reset_parameters(self) -> None:
        """Set the weight to 1 and the bias to 0, and nothing that a subclass added."""
        for name, value in (("weight", 1.0), ("bias", 0.0)):
            if getattr(self, name, None) is not None:
                nn.init.constant_(getattr(self, name), value)
