"""The stored results are those that the notebooks name, small, and made with the pinned packages.

That each is what the code gives is proven where a notebook asks for it: see
``bncourse.experiments.proof``.
"""

import re
from pathlib import Path

import pytest
from results import all_chapters, stored_keys

from bncourse.evidence import store

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "evidence").glob("*.npz"))
MOST_BYTES = 10e6  # of all
PINS = dict(re.findall(r"^(numpy|torch)==(\S+)$", (ROOT / "requirements.txt").read_text(), re.M))


def test_results_are_those_that_the_notebooks_name():
    assert {path.stem for path in FILES} == stored_keys(all_chapters()), (
        "run `make evidence notebooks`"
    )


def test_results_are_small():
    assert 0 < sum(path.stat().st_size for path in FILES) <= MOST_BYTES


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_result_was_made_with_the_pinned_packages(path):
    about, arrays = store.read(path)
    made = {name: number.partition("+")[0] for name, number in about["pins"].items()}
    assert made == PINS, "run `make evidence`"
    assert set(about["axes"]) <= set(arrays)
