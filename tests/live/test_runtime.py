"""The runtime is fetched whole and right, or it is not there."""

import hashlib
import io
import json
import urllib.error

import pytest
from live import publish, runtime

CONTENT = b"the runtime"
FILE = runtime.Pinned("part.wasm", hashlib.sha256(CONTENT).hexdigest(), len(CONTENT), "start")


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """Let the runtime be one small file, in a cache of the test's own, and no pip be called."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(runtime, "pinned", lambda: [FILE])
    monkeypatch.setattr(runtime, "_from_packages", lambda files: None)
    return runtime.folder()


def server_gives(monkeypatch, content):
    def opened(address, timeout):
        if content is None:
            raise urllib.error.URLError("no network")
        assert address.startswith("https://")
        return io.BytesIO(content)

    monkeypatch.setattr(runtime.urllib.request, "urlopen", opened)


def test_right_file_is_kept_and_not_fetched_again(cache, monkeypatch):
    server_gives(monkeypatch, CONTENT)
    runtime.fetch(say=lambda text: None)
    assert (cache / FILE.name).read_bytes() == CONTENT
    server_gives(monkeypatch, None)
    runtime.fetch(say=lambda text: None)


@pytest.mark.parametrize("content", [b"another", CONTENT[:-1], b"", None])
def test_wrong_short_or_no_answer_leaves_nothing(cache, monkeypatch, content):
    server_gives(monkeypatch, content)
    with pytest.raises(runtime.RuntimeMissingError, match=r"part\.wasm"):
        runtime.fetch(say=lambda text: None)
    assert list(cache.iterdir()) == []


def test_second_source_is_asked_when_the_first_cannot_be_reached(cache, monkeypatch):
    server_gives(monkeypatch, None)
    monkeypatch.setattr(runtime, "_from_packages", lambda files: runtime._keep(FILE, CONTENT))
    runtime.fetch(say=lambda text: None)
    assert runtime.missing() == []


def test_file_that_was_damaged_later_is_missing(cache, monkeypatch):
    server_gives(monkeypatch, CONTENT)
    runtime.fetch(say=lambda text: None)
    (cache / FILE.name).write_bytes(b"damaged")
    assert runtime.missing() == [FILE]


def test_every_pinned_file_has_a_checksum_a_size_and_a_source():
    names = [file.name for file in runtime.pinned()]
    assert len(names) == len(set(names)) > 10
    assert all(len(file.sha256) == 64 and file.size > 0 for file in runtime.pinned())
    carried = [name for names in runtime.settings()["carriers"].values() for name in names]
    assert "*" in carried


def test_lock_names_each_wheel_with_its_checksum_and_what_it_needs():
    packages = publish.lock()["packages"]
    assert {"numpy", "attrs", "matplotlib", "scipy"} <= set(packages)
    by_name = {file.name: file.sha256 for file in runtime.pinned()}
    assert all(by_name[p["file_name"]] == p["sha256"] for p in packages.values())
    assert {"pillow", "kiwisolver", "cycler"} <= set(packages["matplotlib"]["depends"])
    assert all(set(p["depends"]) <= set(packages) for p in packages.values())


def test_the_lock_is_plain_data():
    assert json.loads(json.dumps(publish.lock())) == publish.lock()
