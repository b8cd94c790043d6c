"""Images to learn to see from, with a digit in the middle; and ones in which to find a digit."""

import numpy as np

from bncourse.data import Splits, digits

SIDE = 8  # of a digit; unit: pixel
PORTRAIT = 12  # side of an image of the pretraining
CANVAS = 16  # side of an image in which a digit is to be found
CLASSES = 10
PLACES = CANVAS - SIDE + 1  # that the upper edge of a digit may have, or the left one
INK = 16  # of the darkest pixel, as the digits were scanned
PIECE = 4  # side of a piece of another digit
PORTRAITS = {"portraits": 1600, "validation": 400, "test": 400}
SCENES = {"train": 800, "validation": 400, "test": 800}


def portraits(seed: int) -> Splits:
    """Return images of 12 by 12 pixels for pretraining: a digit near the middle of a blank ground.

    The digits are three quarters of those that ``bncourse.data.digits`` trains on, each seen about
    twice, up to two pixels off the middle. All pixels are standardized with one mean and one
    standard deviation.

    Parameters
    ----------
    seed : int
        chooses the splits and the places

    Returns
    -------
    Splits
        144 features, 10 classes
    """
    found, (mean, std) = _digits(seed), _scale(seed)
    arrays = {}
    for part, count in PORTRAITS.items():
        x, y, _ = _composed(*found[part], count, PORTRAIT, 0, [seed, len(arrays)])
        part = "train" if part == "portraits" else part
        arrays |= {f"x_{part}": _scaled(x, mean, std), f"y_{part}": y}
    return Splits(**arrays, mean=np.array([mean]), std=np.array([std]))


def scenes(seed: int, *, contrast: float = 1.0, noise: float = 0.05, pieces: int = 2) -> Splits:
    """Return images of 16 by 16 pixels, each with a digit in it, to be named and to be found.

    The digit lies anywhere, over pieces of other digits and a noise. The digits are those that
    ``portraits`` leaves; pixels are standardized with mean and standard deviation of the
    *portraits*, as photographs are with those of the pretraining.

    Parameters
    ----------
    seed : int
        chooses digits, places, pieces and noise
    contrast : float
        of digits and pieces, where that of the portraits is 1
    noise : float
        standard deviation, in units of the darkest ink
    pieces : int
        of other digits, 4 by 4 pixels each, in every image

    Returns
    -------
    Splits
        256 features; the label of an image is ``class + 10 * place``, where ``place`` is
        ``9 * row + column`` of the upper left pixel of the digit
    """
    found, scale = _digits(seed), _scale(seed)
    arrays = {}
    for part, count in SCENES.items():
        stream = [seed, 10 + len(arrays)]
        x, y, places = _composed(*found[part], count, CANVAS, pieces, stream)
        spread = np.random.default_rng([*stream, 1]).standard_normal(x.shape)
        arrays[f"x_{part}"] = _scaled(contrast * x + noise * spread, *scale)
        arrays[f"y_{part}"] = y + CLASSES * (places @ [PLACES, 1])
    mean, std = (np.array([value]) for value in scale)
    return Splits(**arrays, mean=mean, std=std)


def _digits(seed):
    """Return images (N, 8, 8), with ink from 0 to 1, and labels, by what they are for."""
    splits = digits(seed, dtype=np.float64)
    found = {}
    for part in SCENES:
        x, y = getattr(splits, f"x_{part}"), getattr(splits, f"y_{part}")
        found[part] = (x * splits.std + splits.mean).reshape(-1, SIDE, SIDE) / INK, y
    x, y = found["train"]
    some = len(y) * 3 // 4
    return found | {"portraits": (x[:some], y[:some]), "train": (x[some:], y[some:])}


def _scale(seed):
    """Return mean and standard deviation of the pixels of the portraits' digits."""
    x, _ = _digits(seed)["portraits"]
    return x.mean(), x.std()


def _scaled(x, mean, std):
    return ((x - mean) / std).reshape(len(x), -1).astype(np.float32)


def _composed(images, labels, count, side, pieces, stream):
    """Return canvases (count, side, side), each with pieces and a digit; labels and corners."""
    rng, canvases = np.random.default_rng(stream), np.zeros((count, side, side))
    for canvas in canvases:
        for image in images[rng.integers(len(images), size=pieces)]:
            i, j = rng.integers(SIDE - PIECE + 1, size=2)
            _put(
                canvas, image[i : i + PIECE, j : j + PIECE], rng.integers(side - PIECE + 1, size=2)
            )
    chosen = rng.integers(len(images), size=count)
    corners = rng.integers(side - SIDE + 1, size=(count, 2))
    for canvas, image, corner in zip(canvases, images[chosen], corners, strict=True):
        _put(canvas, image, corner)
    return canvases, labels[chosen], corners


def _put(canvas, image, corner):
    """Replace a part of the canvas by an image."""
    row, column = corner
    canvas[row : row + len(image), column : column + len(image)] = image
