"""The demonstration, and how it is started."""

import re

import pytest
import torch

from bncourse.distributed import demo, torchrun


def test_two_processes_print_what_each_alone_both_and_one_batch_compute():
    header, *lines = torchrun("bncourse.distributed.demo", timeout=300).splitlines()
    assert re.split("   +", header.strip()) == [
        "each process alone",
        "synchronized",
        "one big batch",
    ]
    names, alone, synchronized, big = zip(*(re.split("  +", line) for line in lines), strict=True)
    assert names == demo.ROWS
    assert synchronized == big
    assert not set(alone) & set(big)
    parts = [demo.network()[0](x)[:, 0].detach() for x, _ in demo.shards(2)]
    assert alone[0] == " | ".join(f"{part.mean():.3g}" for part in parts)
    whole = torch.cat(parts)
    assert big[:2] == (f"{whole.mean():.3g}", f"{whole.var():.3g}")


def test_a_module_that_fails_is_an_error_with_its_own_words():
    with pytest.raises(RuntimeError, match="no_such_module in 1 processes did not end well"):
        torchrun("no_such_module", processes=1, timeout=300)


def test_table_shows_a_number_once_where_all_processes_agree():
    found = {"one": torch.tensor([[1.0, 2.0]] * 5), "two": torch.tensor([[3.14159, 3.14159]] * 5)}
    lines = demo.table(found).splitlines()
    assert lines[0].split() == ["one", "two"]
    assert lines[1] == "mean               1 | 2   3.14"
