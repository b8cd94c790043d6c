"""Put what a live page fetches beside the pages of the built book: runtime, package, results."""

import hashlib
import json
import shutil
from pathlib import Path

from package import archive

from live import runtime

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


def lock():
    """Return Pyodide's lock file, cut down to what the book uses, as plain data."""
    wheels = [file for file in runtime.pinned() if file.name.endswith(".whl")]
    packages = {}
    for file in wheels:
        version = file.name.split("-")[1]
        name = _package(file)
        others = [_package(wheel) for wheel in wheels if wheel.group == file.group == name]
        packages[name] = {
            "name": name,
            "version": version,
            "file_name": file.name,
            "install_dir": "site",
            "sha256": file.sha256,
            "package_type": "package",
            "imports": [name],
            "depends": [other for other in others if other != name],
        }
    return {"info": runtime.settings()["info"], "packages": packages}


def _package(wheel):
    return wheel.name.split("-")[0].lower().replace("_", "-")


def publish(site, cells):
    """Write the folder ``_live`` of a built book.

    Parameters
    ----------
    site : Path
        the built book
    cells : dict of str to list of dict
        the cells of each live page, by the name of the page
    """
    live = Path(site) / "_live"
    shutil.rmtree(live, ignore_errors=True)
    shutil.copytree(HERE / "site", live)
    shutil.copytree(HERE / "python", live / "python", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "evidence", live / "evidence", ignore=shutil.ignore_patterns("parts"))
    (live / "pyodide").mkdir()
    for file in runtime.pinned():
        shutil.copyfile(runtime.folder() / file.name, live / "pyodide" / file.name)
    _write(live / "pyodide" / "pyodide-lock.json", lock())
    packed = archive()
    name = f"bncourse-{hashlib.sha256(packed).hexdigest()[:12]}.zip"
    (live / name).write_bytes(packed)
    results = sorted(path.name for path in (live / "evidence").glob("*.npz"))
    _write(live / "manifest.json", {"archive": name, "evidence": results})
    for page, found in cells.items():
        path = live / "cells" / f"{page}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, found)


def _write(path, data):
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
