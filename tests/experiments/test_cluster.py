"""A sweep on a cluster that loses a machine in the middle."""

import os
import signal
import threading
import time

import numpy as np
import pytest
from dask.distributed import Client, LocalCluster
from joblib import parallel_config

from bncourse.data import digits
from bncourse.experiments import Config, grid, run


@pytest.fixture
def cluster():
    """Return a cluster of two worker processes, without dashboard, on whatever ports are free."""
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        Client(cluster) as client,
    ):
        yield client


def waiting_probe(folder):
    """Return a probe that says which process it is in, and waits for permission to go on."""

    def probe(network, x, y):
        # The name appears at once and whole: nobody reads half a number.
        (folder / f"worker-{os.getpid()}").touch()
        while not (folder / "go").exists():
            time.sleep(0.02)
        return {}

    return probe


def kill_the_first_worker(folder, killed):
    """Kill a process that is in the middle of a task, then let all others go on."""
    while not (found := list(folder.glob("worker-*"))):
        time.sleep(0.02)
    killed.append(int(found[0].name.removeprefix("worker-")))
    os.kill(killed[0], signal.SIGKILL)
    (folder / "go").touch()


def test_sweep_that_loses_a_worker_in_the_middle_finds_the_same_numbers(cluster, tmp_path):
    config = Config(data=digits, depth=2, width=8, norm="batch", dropout=0.1, epochs=1)
    configs = grid(config, depth=[1, 2], learning_rate=[0.1, 0.5])
    before = set(cluster.run(os.getpid).values())
    killed = []
    killer = threading.Thread(target=kill_the_first_worker, args=(tmp_path, killed), daemon=True)
    killer.start()
    with parallel_config(backend="dask"):
        shared = run(configs, [0, 1], members=2, probes=[waiting_probe(tmp_path)])
    killer.join()
    alone = run(configs, [0, 1], members=2)
    assert len(before) == 2
    assert killed[0] in before
    assert killed[0] not in cluster.run(os.getpid).values()
    assert set(shared.arrays) == set(alone.arrays)
    for name in alone.arrays:
        np.testing.assert_array_equal(shared[name], alone[name])
