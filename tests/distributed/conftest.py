"""Processes that run once, for all tests of what they saw."""

import importlib.util
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch

HERE = Path(__file__).parent
LIMIT = 300  # seconds; a process that waits in vain ends long before, by the group's timeout


@pytest.fixture(scope="session")
def observations():
    """Return the module that the processes run: its inputs are the oracle's, too."""
    spec = importlib.util.spec_from_file_location("observations", HERE / "observations.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def seen(tmp_path_factory):
    """Return what each of three processes saw, by the name of the observation."""
    folder = tmp_path_factory.mktemp("world")
    codes, errors = started(3, folder)
    assert codes == [0, -signal.SIGKILL, 0], "\n".join(errors)  # at the end, process 1 is killed
    by_rank = [torch.load(folder / f"{rank}.pt", weights_only=False) for rank in range(3)]
    return {name: [each.get(name) for each in by_rank] for name in by_rank[0]}


def started(size, folder):
    """Run `observations.py` in K processes, and return their exit statuses and errors."""
    loopback = next(name for _, name in socket.if_nameindex() if name.startswith("lo"))
    env = {**os.environ, "OMP_NUM_THREADS": "1", "GLOO_SOCKET_IFNAME": loopback}
    env["PYTHONPATH"] = str(HERE.parents[1])
    program = [sys.executable, "-W", "error", str(HERE / "observations.py")]
    processes = [
        subprocess.Popen(
            [*program, str(rank), str(size), str(folder / "store"), str(folder)],
            env=env,
            stderr=subprocess.PIPE,
            text=True,
        )
        for rank in range(size)
    ]
    end = time.monotonic() + LIMIT
    try:
        errors = [p.communicate(timeout=end - time.monotonic())[1] for p in processes]
    finally:
        for process in processes:
            process.kill()
            process.communicate()
    return [process.returncode for process in processes], errors
