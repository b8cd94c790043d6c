"""Progress is kept in a folder of the test, never in the home of whoever runs it."""

import pytest


@pytest.fixture(autouse=True)
def progress_file(tmp_path, monkeypatch):
    monkeypatch.setenv("BNCOURSE_PROGRESS", str(tmp_path / "progress.json"))
    return tmp_path / "progress.json"
