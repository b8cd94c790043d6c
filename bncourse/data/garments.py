"""Fashion-MNIST: images of clothes, larger than the digits, and carried by no Python package."""

import gzip
import os
from functools import cache
from hashlib import sha256
from pathlib import Path

import numpy as np

from bncourse.data.splits import Splits
from bncourse.scratch.arguments import require_count

FOLDER = "BNCOURSE_FASHION_MNIST"  # environment variable
FOLDERS = ("~/.cache/bncourse/fashion-mnist", "/usr/share/datasets/fashion-mnist")
PIXELS = 784
FILES = {  # bytes before the numbers, and the checksum of what is unpacked
    "train-images-idx3-ubyte": (16, "c59f468a2f672dc8"),
    "train-labels-idx1-ubyte": (8, "bad3541b69d91243"),
    "t10k-images-idx3-ubyte": (16, "5b4141f0afbad91e"),
    "t10k-labels-idx1-ubyte": (8, "0402a96d92fd2663"),
}


class MissingDataError(FileNotFoundError):
    """Data that no package carries are not on this computer."""


def fashion_mnist(
    seed: int, *, train: int = 10_000, validation: int = 2_000, test: int = 4_000
) -> Splits:
    """Return images of ten kinds of clothes, 28 by 28 pixels, drawn anew for each seed.

    Training and validation images are drawn from the 60,000 of Xiao et al. (2017) that are meant
    for training, without replacement, and test images from the other 10,000. All pixels are
    standardized with one mean and one standard deviation, those of the training images.

    Parameters
    ----------
    seed : int
        chooses the images
    train, validation, test : int
        numbers of images

    Returns
    -------
    Splits
        784 features, 10 classes

    Raises
    ------
    MissingDataError
        The four files are not on this computer; the message says where to get them.
    ValueError
        More images are asked for than there are, or a file is not the published one.
    """
    for name, value in {"train": train, "validation": validation, "test": test}.items():
        require_count(name, value)
    (x, y), (x_other, y_other) = _images("train"), _images("t10k")
    if train + validation > len(y) or test > len(y_other):
        raise ValueError(
            f"there are {len(y)} images for train and validation and {len(y_other)} for test, "
            f"got train={train}, validation={validation}, test={test}"
        )
    rng = np.random.default_rng(seed)
    first, second = np.split(rng.permutation(len(y))[: train + validation], [train])
    third = rng.permutation(len(y_other))[:test]
    mean, std = x[first].mean(), x[first].std()
    scaled = [((part - mean) / std).astype(np.float32) for part in (x[first], x[second])]
    scaled += [((x_other[third] - mean) / std).astype(np.float32)]
    labels = y[first], y[second], y_other[third]
    both = (array for pair in zip(scaled, labels, strict=True) for array in pair)
    return Splits(*both, mean=np.array([mean]), std=np.array([std]))


@cache
def _images(part):
    """Return the pixels, (N, 784), and the labels, (N,), of one of the two parts."""
    pixels = _numbers(f"{part}-images-idx3-ubyte").reshape(-1, PIXELS)
    return pixels, _numbers(f"{part}-labels-idx1-ubyte").astype(np.int64)


def _numbers(name):
    """Return the bytes of a file in the format IDX, without its header."""
    path = _folder() / f"{name}.gz"
    content = gzip.decompress(path.read_bytes())
    header, checksum = FILES[name]
    if sha256(content).hexdigest()[: len(checksum)] != checksum:
        raise ValueError(f"{path} is not the published file: fetch it once more")
    return np.frombuffer(content, np.uint8, offset=header)


def _folder():
    """Return the folder that holds the four files."""
    places = [os.environ.get(FOLDER), *FOLDERS]
    for folder in (Path(place).expanduser() for place in places if place):
        if all((folder / f"{name}.gz").exists() for name in FILES):
            return folder
    raise MissingDataError(
        "Fashion-MNIST is not on this computer: install Debian's package dataset-fashion-mnist, or "
        "put the four files of github.com/zalandoresearch/fashion-mnist (folder data/fashion) "
        f"into {FOLDERS[0]}, or into a folder of your own that {FOLDER} names"
    )
