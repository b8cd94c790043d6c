"""Everything that decides a run, in one place."""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from itertools import product
from numbers import Real

from bncourse.data import Splits, digits
from bncourse.scratch.arguments import require_count, require_number

CHOICES = {
    "model": ("mlp", "cnn"),
    "activation": ("relu", "tanh", "sigmoid", "gelu", "identity"),
    "norm": ("none", "batch", "layer", "group", "instance", "rms"),
    "placement": ("before", "after"),
    "init": (
        *("torch", "kaiming_normal", "kaiming_uniform", "xavier_normal", "xavier_uniform"),
        *("orthogonal", "normal"),
    ),
    "optimizer": ("sgd", "adam"),
}
COUNTS = ("depth", "width", "groups", "batch_size", "norm_batch", "epochs")
RANGES = {
    "weight_scale": (0, 1e6),
    "learning_rate": (0, 1e6),
    "momentum": (0, 1),
    "weight_decay": (0, 1e6),
    "eps": (0, 1e6),
    "norm_momentum": (0, 1),
    "dropout": (0, 0.99),
    "noise": (0, 1e6),
}
# Settings in which the members of one stack may differ: they change no shape.
PER_MEMBER = ("learning_rate", "momentum", "weight_decay", "weight_scale")


@dataclass(frozen=True, kw_only=True)
class Config:
    """Every setting of a run but its seed.

    A network of `depth` hidden layers of `width` units (or channels) and a linear layer to the
    classes. A hidden layer is linear map, norm, activation, in this order where `placement` is
    ``"before"``; with ``"after"``, the norm follows the activation.

    Parameters
    ----------
    data : callable
        takes a seed, returns ``bncourse.data.Splits``
    model : {"mlp", "cnn"}
        the cnn takes square images, pads its 3 by 3 kernels, halves the image after each of the
        first two layers, and averages each channel before the last layer
    depth, width : int
        hidden layers, and units or channels of each
    activation : {"relu", "tanh", "sigmoid", "gelu", "identity"}
        of every hidden layer
    norm : {"none", "batch", "layer", "group", "instance", "rms"}
        of every hidden layer; in a cnn, layer norm pools channels and positions of a sample
    placement : {"before", "after"}
        where the norm stands, seen from the activation
    groups : int
        of group norm
    norm_batch : int or None
        samples that share their statistics in batch norm, a divisor of ``batch_size`` ("ghost
        batches": Hoffer et al. 2017); None is the whole batch
    residual : bool
        each hidden layer that keeps the shape adds its input to its output
    init : str
        a function of ``torch.nn.init`` without its underscore, with biases zero; ``"normal"`` has
        standard deviation 1; ``"torch"`` is what ``torch.nn.Linear`` does, biases included
    weight_scale : float
        multiplies the initial weights of the hidden layers
    optimizer : {"sgd", "adam"}
        with the meaning of ``torch.optim``
    learning_rate, momentum, weight_decay : float
        of the optimizer; momentum is of SGD alone
    batch_size, epochs : int
        the last, incomplete batch of an epoch is left out
    eps, norm_momentum : float
        of the norm, and of the running statistics of batch norm, with PyTorch's meaning
    dropout : float
        part of the outputs of each hidden layer that is set to 0 in training
    noise : float
        strength of the noise after each norm in training (Santurkar et al. 2018, section 2.1):
        every unit is shifted and scaled, by amounts drawn afresh for each step

    Raises
    ------
    TypeError
        A setting is unknown, or not of its type.
    ValueError
        A setting is out of range, or two contradict each other.
    """

    data: Callable[[int], Splits] = digits
    model: str = "mlp"
    depth: int = 3
    width: int = 32
    activation: str = "relu"
    norm: str = "none"
    placement: str = "before"
    groups: int = 1
    norm_batch: int | None = None
    residual: bool = False
    init: str = "kaiming_normal"
    weight_scale: float = 1.0
    optimizer: str = "sgd"
    learning_rate: float = 0.1
    momentum: float = 0.0
    weight_decay: float = 0.0
    batch_size: int = 32
    epochs: int = 10
    eps: float = 1e-5
    norm_momentum: float = 0.1
    dropout: float = 0.0
    noise: float = 0.0

    def __new__(cls, **settings):
        """Name what is allowed when a setting is not."""
        allowed = [field.name for field in fields(cls)]
        for name in settings:
            if name not in allowed:
                raise TypeError(f"unknown setting {name!r}: choose from {', '.join(allowed)}")
        return super().__new__(cls)

    def __post_init__(self):
        if not callable(self.data):
            raise TypeError(
                f"data must be a function from a seed to Splits, got {self.data!r}: "
                "pass for example bncourse.data.digits"
            )
        for name, allowed in CHOICES.items():
            if getattr(self, name) not in allowed:
                raise ValueError(
                    f"{name} must be one of {', '.join(allowed)}, got {getattr(self, name)!r}"
                )
        for name in COUNTS:
            if (name, getattr(self, name)) != ("norm_batch", None):
                require_count(name, getattr(self, name))
        for name, limits in RANGES.items():
            if not isinstance(getattr(self, name), Real):
                raise TypeError(f"{name} must be a number, got {getattr(self, name)!r}")
            require_number(name, getattr(self, name), *limits)
        if not isinstance(self.residual, bool):
            raise TypeError(f"residual must be True or False, got {self.residual!r}")
        self._require_consistent()

    def _require_consistent(self):
        for wrong, message in self._contradictions():
            if wrong:
                raise ValueError(message)

    def _contradictions(self):
        """Yield conditions that must not be, each with what to do about it."""
        default = {field.name: field.default for field in fields(self)}
        about_norm = {
            "none": ("placement", "groups", "norm_batch", "eps", "norm_momentum"),
            "batch": ("groups",),
            "group": ("norm_batch", "norm_momentum"),
        }.get(self.norm, ("groups", "norm_batch", "norm_momentum"))
        for name in about_norm:
            value = getattr(self, name)
            yield (
                value != default[name],
                f"{name}={value!r} means nothing with norm={self.norm!r}: leave {name} out",
            )
        yield (
            self.norm == "group" and self.width % self.groups,
            f"groups={self.groups} must divide width={self.width}",
        )
        yield (
            self.norm in ("layer", "group") and self.model == "mlp" and self.groups == self.width,
            f"norm={self.norm!r} pools width / groups = 1 unit, of which nothing is left, with "
            f"groups={self.groups}, width={self.width}: choose a larger width",
        )
        yield (
            self.norm == "instance" and self.model == "mlp",
            "norm='instance' pools the positions of an image, and model='mlp' has none: "
            "choose model='cnn'",
        )
        yield (
            self.norm == "rms" and self.model == "cnn",
            "norm='rms' pools the features of a vector: choose model='mlp'",
        )
        yield (
            self.norm == "batch" and self.model == "mlp" and self.statistics_batch == 1,
            "norm='batch' needs two samples or more that share their statistics, got "
            f"batch_size={self.batch_size}, norm_batch={self.norm_batch}",
        )
        yield (
            self.norm == "batch" and self.batch_size % self.statistics_batch,
            f"norm_batch={self.norm_batch} must divide batch_size={self.batch_size}",
        )
        yield (
            self.optimizer == "adam" and self.momentum,
            f"momentum={self.momentum} is a setting of SGD: leave it out with optimizer='adam'",
        )

    @property
    def statistics_batch(self):
        """Samples that share their statistics in batch norm."""
        return self.norm_batch or self.batch_size

    def without_norm(self):
        """Return the same configuration without its norm and the settings of the norm."""
        names = ("norm", "placement", "groups", "norm_batch", "eps", "norm_momentum")
        default = {field.name: field.default for field in fields(self)}
        return replace(self, **{name: default[name] for name in names})

    def stackable(self):
        """Return what configurations must have in common to be trained as one stack."""
        return replace(self, **dict.fromkeys(PER_MEMBER, 0.0))


def grid(config, **settings):
    """Return ``config`` with every combination of the values of the named settings.

    Parameters
    ----------
    config : Config
        gives all other settings
    **settings : iterable
        the values of one setting each; the last one varies fastest

    Returns
    -------
    list of Config

    Raises
    ------
    TypeError
        A setting is unknown, or its values are a single one.
    """
    for name, values in settings.items():
        if isinstance(values, str) or not hasattr(values, "__iter__"):
            raise TypeError(f"{name} must be a list of values, got {values!r}: write [{values!r}]")
    return [
        replace(config, **dict(zip(settings, values, strict=True)))
        for values in product(*settings.values())
    ]
