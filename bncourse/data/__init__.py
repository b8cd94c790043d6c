"""Data for the experiments: digits, images of clothes, English text, and random numbers.

The digits and the text are files of the package; the images of clothes are carried by no package.
"""

from bncourse.data.garments import MissingDataError, fashion_mnist
from bncourse.data.letters import ALPHABET, text
from bncourse.data.sources import digit_images, digits, random_labels
from bncourse.data.splits import Splits, batches

__all__ = [
    "ALPHABET",
    "MissingDataError",
    "Splits",
    "batches",
    "digit_images",
    "digits",
    "fashion_mnist",
    "random_labels",
    "text",
]
