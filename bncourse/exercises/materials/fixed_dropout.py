"""Dropout without chance, so that one can see from the output whether it was active."""

from torch import nn


class FixedDropout(nn.Dropout):
    """In training mode, every other feature is dropped and the rest is doubled."""

    def forward(self, x):
        """Return `x`, or in training mode what is left of it."""
        if not self.training:
            return x
        kept = 2 * x
        kept[:, 1::2] = 0
        return kept
