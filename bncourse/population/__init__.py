"""Population statistics: the mean and variance of every norm's input over the whole training set.

`recompute_statistics` puts them in the place of the running averages of a trained network: precise
batch norm.
"""

from bncourse.extras import lacking

if error := (
    lacking("bncourse.population", "torch", extra="population")
    or lacking("bncourse.population", "tqdm", extra="population")
):
    raise error

from bncourse.population.moments import Moments
from bncourse.population.recompute import recompute_statistics

__all__ = ["Moments", "recompute_statistics"]
