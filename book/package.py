"""Sphinx extension: the built book carries its package, as a file that pip installs.

``{package}`the package` `` is a link to it. So whoever has the pages has the package, too, also
where the project itself cannot be reached.
"""

import io
import zipfile
from pathlib import Path

from docutils import nodes
from sphinx.util.docutils import SphinxRole

ROOT = Path(__file__).parents[1]
NAME = "bncourse.zip"
BESIDE = ("pyproject.toml", "README.md", "LICENSE")  # what pip asks for
LEFT_OUT = {"__pycache__", "answers.py"}  # answers are for the tests
EPOCH = (1980, 1, 1, 0, 0, 0)  # of files in the archive: same files, same bytes


def archive(beside=()):
    """Return the package as the bytes of a zip file.

    Parameters
    ----------
    beside : iterable of str
        names of files of the project's folder to put beside it
    """
    buffer = io.BytesIO()
    inside = [path for path in sorted((ROOT / "bncourse").rglob("*")) if path.is_file()]
    inside = [path for path in inside if not LEFT_OUT & set(path.parts)]
    with zipfile.ZipFile(buffer, "w") as packed:
        for path in [*(ROOT / name for name in beside), *inside]:
            entry = zipfile.ZipInfo(path.relative_to(ROOT).as_posix(), EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(entry, path.read_bytes())
    return buffer.getvalue()


class Package(SphinxRole):
    """A link to the package."""

    def run(self):
        """Return the link."""
        up = "../" * self.env.docname.count("/")
        link = nodes.reference("", self.text, refuri=f"{up}_static/{NAME}", internal=True)
        return [link], []


def write(app, error):
    """Write the package into the built site."""
    if not error and app.builder.format == "html":
        Path(app.outdir, "_static", NAME).write_bytes(archive(BESIDE))


def setup(app):
    """Register the role and what writes the file that it points to."""
    app.add_role("package", Package())
    app.connect("build-finished", write)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
