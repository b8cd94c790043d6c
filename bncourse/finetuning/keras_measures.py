"""The same measures in Keras, which has another word for frozen: ``trainable=False``."""

from bncourse.finetuning.keras import keras
from bncourse.finetuning.moved import Moved
from bncourse.finetuning.samples import samples


def what_moves_in_keras(steps: int = 3) -> list[Moved]:
    """Say what moves in training with Keras, as `what_moves` does for PyTorch.

    A batch norm with ``trainable=False`` is also in inference mode, whatever ``fit`` asks for. The
    argument ``training=False`` of a call holds the statistics alone, and in a functional model not
    even them: there ``fit`` puts its own mode in the place of the argument.

    Parameters
    ----------
    steps : int
        before the measure is taken, and after it

    Returns
    -------
    list of Moved
        one for each measure

    Raises
    ------
    ModuleNotFoundError
        Keras is not installed.
    RuntimeError
        Keras was imported before, and computes with something else than PyTorch.
    """
    return [
        _try("nothing", _functional(training=None), True, steps),
        _try("trainable=False", _functional(training=None), False, steps),
        _try("training=False, in call() of a subclass", _subclass(training=False), True, steps),
        _try("training=False, in a functional model", _functional(training=False), True, steps),
    ]


def _try(measure, model, trainable, steps):
    _train(model, steps)
    model.get_layer("norm").trainable = trainable
    before = _state(model)
    _train(model, steps)
    return Moved.between(measure, before, _state(model))


def _train(model, steps):
    """Compile the model, which makes Keras look which layers are to be trained, and train it."""
    k = keras()
    loss = k.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(k.optimizers.SGD(0.1), loss)
    x, y = samples()
    for _ in range(steps):
        model.train_on_batch(x, y)


def _layers():
    layers = keras().layers
    start = {"kernel_initializer": keras().initializers.GlorotUniform(seed=0)}
    return (
        layers.Dense(6, name="first", **start),
        layers.BatchNormalization(name="norm"),
        layers.ReLU(),
        layers.Dense(3, name="last", **start),
    )


def _functional(training):
    first, norm, relu, last = _layers()
    inputs = keras().Input((4,))
    return keras().Model(inputs, last(relu(norm(first(inputs), training=training))))


def _subclass(training):
    class Network(keras().Model):  # pyrefly: ignore[invalid-inheritance]
        def __init__(self):
            super().__init__()
            self.parts = _layers()

        def call(self, x):
            first, norm, relu, last = self.parts
            return last(relu(norm(first(x), training=training)))

    return Network()


def _state(model):
    norm = model.get_layer("norm")
    found = {
        "statistics mean": norm.moving_mean,
        "statistics var": norm.moving_variance,
        "gamma": norm.gamma,
        "beta": norm.beta,
        "weights first": model.get_layer("first").kernel,
        "weights last": model.get_layer("last").kernel,
    }
    return {name: variable.value.detach().clone() for name, variable in found.items()}
