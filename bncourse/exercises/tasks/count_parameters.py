"""The parameters of the article's model: how many are trained, and how many are not."""

from itertools import pairwise

from bncourse.exercises.exercise import number_exercise

SIZES = 784, 256, 256, 10
ORDERS = {
    "trained-first": lambda trained, kept: (trained, kept),
    "kept-first": lambda trained, kept: (kept, trained),
    "all-first": lambda trained, kept: (trained + kept, kept),
    "all-second": lambda trained, kept: (trained, trained + kept),
    "all-trained": lambda trained, kept: (trained + kept, 0),
}
NORMED = {
    "outputs": SIZES[1:3],
    "inputs": SIZES[:2],
    "all-outputs": SIZES[1:],
    "first": SIZES[1:2],
    "layers": (1, 1),
}


def parameters(
    *,
    biases=1,
    last_bias=1,
    counters=0,
    normed="outputs",
    trained=2,
    kept=2,
    optimizer=0,
    sizes=SIZES,
    order="trained-first",
):
    """Return how many parameters are trained, and how many are not; the switches make it wrong.

    `trained` and `kept` are the numbers that batch norm has for each feature; `optimizer` is how
    many Adam keeps for each trained one.
    """
    dense = sum((inputs + biases) * outputs for inputs, outputs in pairwise(sizes))
    dense -= (1 - last_bias) * sizes[-1]
    features = sum(NORMED[normed])
    all_trained = dense + trained * features
    own = optimizer * all_trained + (2 if optimizer else 0)  # and two of Adam's: rate and step
    return ORDERS[order](all_trained, kept * features + counters + own)


EXERCISE = number_exercise(parameters, outputs=("trained", "not trained"), tolerance=1e-6)
