"""Store notebooks in canonical form without executing them, as before a commit."""

import sys
from pathlib import Path

import nbformat
from notebooks import canonical


def main(paths):
    """Rewrite each notebook that is not canonical, and exit with 1 if there was one."""
    changed = [path for path in map(Path, paths) if rewritten(path)]
    for path in changed:
        print(f"rewritten: {path}")
    sys.exit(bool(changed))


def rewritten(path):
    """Store a notebook in canonical form, and say whether it was not."""
    before = path.read_text("utf-8")
    nbformat.write(canonical(nbformat.reads(before, as_version=4)), path)
    return path.read_text("utf-8") != before


if __name__ == "__main__":
    main(sys.argv[1:])
