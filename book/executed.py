"""Say which notebooks lack outputs: their pages would lack what the text refers to.

It needs nothing but Python, for it runs before the book is built.
"""

import json
import sys
from pathlib import Path


def unexecuted(path):
    """Return how many cells of code in a notebook were never executed."""
    cells = json.loads(Path(path).read_text("utf-8"))["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code" and "".join(cell["source"])]
    return sum(cell["execution_count"] is None for cell in code)


def main(paths):
    """Exit with a sentence for each notebook without outputs, if there is one."""
    lacking = {path: count for path in paths if (count := unexecuted(path))}
    for path, count in lacking.items():
        print(f"{path} has {count} cells without outputs.", file=sys.stderr)
    if lacking:
        advice = "Execute them (`make notebooks`), or save the notebook with its outputs."
        sys.exit(f"The book is left as it was. {advice}")


if __name__ == "__main__":
    main(sys.argv[1:])
