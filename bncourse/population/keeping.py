"""What is put back: the modes of a model in any case, the statistics when something goes wrong."""

from collections.abc import Generator, Iterable
from contextlib import contextmanager

import torch


@contextmanager
def evaluation(model: torch.nn.Module) -> Generator[None]:
    """Hold every module in evaluation mode, and put each back into its own.

    The attribute is set, and ``train`` not called: frozen norms would not listen.
    """
    before = {module: module.training for module in model.modules()}
    try:
        for module in before:
            module.training = False
        yield
    finally:
        for module, training in before.items():
            module.training = training


class Snapshot:
    """The buffers of some modules as they are now.

    Parameters
    ----------
    modules : iterable of Module
    """

    def __init__(self, modules: Iterable[torch.nn.Module]) -> None:
        buffers = [buffer for module in modules for buffer in module.buffers(recurse=False)]
        self._values = [(buffer, buffer.clone()) for buffer in buffers]

    @torch.no_grad()
    def put_back(self) -> None:
        """Give the buffers the values that they had."""
        for buffer, value in self._values:
            buffer.copy_(value)
