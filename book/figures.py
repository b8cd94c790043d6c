"""Tell whether two renderings of a figure show the same thing.

nbval compares text and never pictures, so a figure could outlive the code that drew it. Bytes are
too strict a measure: what is drawn is stored or exact, but the edge of a line may round to another
shade. Here both figures are shrunk until a pixel is a small patch of the page, and the patch that
differs most decides: a changed word, colour or curve stands out there, a shade does not.
"""

import base64
import io

import numpy as np
from PIL import Image

PATCH = 12  # pixels of the figure along each side of a patch
TOLERANCE = 0.02  # of the range from black to white


def decode(text):
    """Return the picture in the base64 text of a notebook's ``image/png`` output."""
    return Image.open(io.BytesIO(base64.b64decode(text))).convert("RGB")


def difference(stored, fresh):
    """Return the largest difference of any patch of two pictures, from 0 (same) to 1."""
    if abs(stored.width - fresh.width) > PATCH or abs(stored.height - fresh.height) > PATCH:
        return 1.0
    grid = (max(1, stored.width // PATCH), max(1, stored.height // PATCH))
    patches = [np.asarray(p.resize(grid, Image.Resampling.BOX), float) for p in (stored, fresh)]
    return float(np.abs(patches[0] - patches[1]).max() / 255)


def stale_figures(stored_outputs, fresh_outputs):
    """Return a sentence for each stored figure that is not what its cell draws now."""
    stored, fresh = _figures(stored_outputs), _figures(fresh_outputs)
    if len(stored) != len(fresh):
        return [f"{len(stored)} figures are stored, {len(fresh)} are drawn now: `make notebooks`"]
    distances = [difference(decode(s), decode(f)) for s, f in zip(stored, fresh, strict=True)]
    return [
        f"figure {number} differs by {distance:.2f} (allowed: {TOLERANCE}) from what its cell "
        "draws now: run `make notebooks` and look at it"
        for number, distance in enumerate(distances, 1)
        if distance > TOLERANCE
    ]


def _figures(outputs):
    return [o["data"]["image/png"] for o in outputs if "image/png" in o.get("data", {})]
