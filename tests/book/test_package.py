"""The package in the built book: the same each time, whole, and taken by pip."""

import subprocess
import sys
import zipfile
from pathlib import Path

from bs4 import BeautifulSoup
from package import BESIDE, NAME, archive

SITE = Path(__file__).parents[2] / "_build" / "html"


def test_the_archive_is_the_same_each_time_and_holds_its_data_but_no_answers():
    assert archive() == archive()
    names = set(zipfile.ZipFile(SITE / "_static" / NAME).namelist())
    assert {*BESIDE, "bncourse/data/digits.npz", "bncourse/course.mplstyle"} <= names
    assert not any("__pycache__" in name or name.endswith("answers.py") for name in names)


def test_pip_takes_it(tmp_path):
    (tmp_path / NAME).write_bytes(archive(BESIDE))
    options = ["--no-deps", "--no-build-isolation", "--quiet", "--wheel-dir", str(tmp_path)]
    command = [sys.executable, "-m", "pip", "wheel", *options, str(tmp_path / NAME)]
    subprocess.run(command, check=True)
    (wheel,) = tmp_path.glob("*.whl")
    found = {name for name in zipfile.ZipFile(wheel).namelist() if name.startswith("bncourse/")}
    assert found == set(zipfile.ZipFile(tmp_path / NAME).namelist()) - set(BESIDE)


def test_pages_lead_to_it():
    for page in ("index.html", "chapters/questions-from-practice.html"):
        links = BeautifulSoup((SITE / page).read_text("utf-8"), "html.parser")("a", href=True)
        (link,) = [one["href"] for one in links if one["href"].endswith(f"/{NAME}")]
        assert (SITE / page).parent.joinpath(link).is_file()
