"""``torch.compile`` on a processor: with a cache of its own, and a word where no compiler is."""

import os
import re
from functools import cache
from tempfile import TemporaryDirectory
from unittest.mock import patch

import torch
from torch import Tensor, nn

OPTIONS = {
    "compile_threads": 1,  # in this process: others would have to start first
    "cpp_cache_precompile_headers": False,  # takes longer than a few layers do without
    "cpp.vec_isa_ok": True,  # what the processor has is not tried out with the C++ compiler
    "aot_inductor.enable_line_tables": False,  # for debuggers
    "cpp.enable_kernel_profile": True,  # for `kernels`
}


class NoCompilerError(RuntimeError):
    """There is no C++ compiler here that works."""


def compiled(model: nn.Module, *inputs: Tensor) -> nn.Module:
    """Return a model as ``torch.compile`` makes it, in one piece, and called once.

    The C++ compiler works in a folder of this process alone, which goes with it, so that two
    processes never write to the same files. What was compiled before is forgotten: use it up first.

    Parameters
    ----------
    model : Module
        on the processor, in the mode in which it is to be used
    *inputs : Tensor
        arguments of one call: in training mode, it moves the running statistics

    Returns
    -------
    Module
        the same parameters and buffers, computed by other code

    Raises
    ------
    NoCompilerError
        PyTorch finds no C++ compiler, or one that fails.
    RuntimeError
        The model cannot be compiled in one piece.
    """
    with patch.dict(os.environ, TORCHINDUCTOR_CACHE_DIR=_folder().name):
        torch.compiler.reset()
        fast = torch.compile(model, fullgraph=True, options=OPTIONS)  # pyrefly: ignore[no-matching-overload]
        try:
            fast(*inputs)
        except RuntimeError as error:
            if "C++ compile" not in str(error):
                raise
            raise NoCompilerError(
                "no C++ compiler that works was found here: torch.compile needs one, such as g++ "
                "(CXX may say which); the rest does without"
            ) from error
    return fast


def kernels(fast: nn.Module, *inputs: Tensor) -> list[str]:
    """Return the pieces of generated code that a call of a compiled model runs, in their order.

    Parameters
    ----------
    fast : Module
        from `compiled`
    *inputs : Tensor
        arguments of one call, of the same shapes as those before

    Returns
    -------
    list of str
        what was put together in each, by its name: ``native_batch_norm ... relu``
    """
    with (
        patch.dict(os.environ, KINETO_LOG_LEVEL="9"),  # it tells when it starts and stops
        torch.autograd.profiler.profile(use_kineto=False) as profile,
    ):
        fast(*inputs)
    names = (re.search(r"cpp_fused_+(.*)_\d+$", event.name) for event in profile.function_events)  # pyrefly: ignore[missing-attribute]
    return [name[1] for name in names if name]


@cache
def _folder():
    return TemporaryDirectory(prefix="bncourse-", ignore_cleanup_errors=True)
