"""Starting several processes, and joining them.

On one machine, from a shell or, with ``!`` in front, from a notebook::

    python -m torch.distributed.run --standalone --local-addr=localhost --nproc_per_node=2 \
        -m bncourse.distributed.demo

On many, the same line on each, with a host and a free port of one of them where all meet, here four
machines of eight processes::

    python -m torch.distributed.run --nnodes=4 --nproc_per_node=8 \
        --rdzv-backend=c10d --rdzv-endpoint=first-host:29500 --rdzv-id=any-name \
        -m bncourse.distributed.demo

``torchrun`` is short for ``python -m torch.distributed.run``. ``--local-addr=localhost`` serves
machines whose own name no name server knows, as those without a network.
"""

import os
import socket
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from datetime import timedelta

import torch
import torch.distributed as dist


def torchrun(module: str, processes: int = 2, timeout: float = 60.0) -> str:
    """Run a module in several processes of this machine, and return what they print.

    Parameters
    ----------
    module : str
        its name, as after ``python -m``
    processes : int
        how many
    timeout : float
        how long they may take; unit: s

    Returns
    -------
    str

    Raises
    ------
    RuntimeError
        A process failed, or time was up.
    """
    options = ["--standalone", "--local-addr=localhost", f"--nproc_per_node={processes}"]
    command = [sys.executable, "-m", "torch.distributed.run", *options, "-m", module]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={"OMP_NUM_THREADS": "1", **os.environ},
    ) as process:
        try:
            printed, errors = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            process.terminate()  # it ends the processes that it started
            printed, errors = process.communicate()
    if process.returncode:
        raise RuntimeError(
            f"{module} in {processes} processes did not end well within {timeout} s (exit status "
            f"{process.returncode}): the first of these errors is the cause\n{errors}"
        )
    return printed


@contextmanager
def joined(timeout: float = 60.0) -> Generator[torch.device]:
    """Join the processes that torchrun started, and leave them at the end of the block.

    Parameters
    ----------
    timeout : float
        how long one process waits for another in a collective; torch's default is half an hour
        (gloo) or ten minutes (nccl); unit: s

    Yields
    ------
    device
        a GPU of its own for each process, with nccl, or the CPU, with gloo
    """
    here = int(os.environ["LOCAL_WORLD_SIZE"])
    if here == int(os.environ["WORLD_SIZE"]) and (loopback := _loopback()):
        os.environ.setdefault("GLOO_SOCKET_IFNAME", loopback)
    if torch.cuda.is_available() and torch.cuda.device_count() >= here:
        backend, device = "nccl", torch.device("cuda", int(os.environ["LOCAL_RANK"]))
        torch.cuda.set_device(device)
    else:
        backend, device = "gloo", torch.device("cpu")
    dist.init_process_group(backend, timeout=timedelta(seconds=timeout))
    try:
        yield device
    finally:
        dist.destroy_process_group()


def _loopback():
    """Return the name of the interface that is there without a network, or None."""
    return next((name for _, name in socket.if_nameindex() if name.startswith("lo")), None)
