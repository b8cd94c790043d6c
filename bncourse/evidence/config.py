"""Everything that decides a run, in one place."""

from collections.abc import Callable, Iterable
from itertools import product
from typing import Any, ClassVar, Self, TypeVar

import attrs
from attrs import field

from bncourse.data import Splits, digits
from bncourse.evidence.settings import Settings, choice, counted, function, real

Kind = TypeVar("Kind", bound=Settings)

# Settings in which the members of one stack may differ: they change no shape.
PER_MEMBER = ("learning_rate", "momentum", "weight_decay", "weight_scale", "branch_scale")
OF_THE_NORM = ("placement", "groups", "norm_batch", "eps", "norm_momentum")


@attrs.frozen(kw_only=True)
class Config(Settings):
    r"""Every setting of a run but its seed.

    A network of `depth` hidden layers of `width` units (or channels) and a linear layer to the
    classes. With W the linear map of a hidden layer, bias included, and phi the activation, the
    layer is

    .. math::
        \varphi(\mathrm{norm}(W x)) \quad\text{or}\quad \mathrm{norm}(\varphi(W x)),

    where `placement` is ``"before"`` or ``"after"``. With `residual`, each hidden layer after the
    first adds a branch to its input (He et al. 2016a, "Deep residual learning", figure 2; He et
    al. 2016b, "Identity mappings", figure 1), a branch of one linear map where theirs have two:

    .. math::
        \text{"post":}\quad x \mapsto \varphi(x + \mathrm{norm}(W x)), \qquad
        \text{"pre":}\quad x \mapsto x + W \varphi(\mathrm{norm}(x)).

    The first hidden layer brings the data to the width and has no skip: ``phi(norm(W x))`` with
    ``"post"``, W x with ``"pre"``, where one more norm and phi stand before the last layer (2016b,
    appendix). Every network has as many linear maps, norms and activations as one without skips.

    Parameters
    ----------
    data : callable
        takes a seed, returns ``bncourse.data.Splits``
    model : {"mlp", "cnn"}
        the cnn takes square images, pads its 3 by 3 kernels, halves the image after each of the
        first two layers (of residual ones: their sum), and averages each channel before the last
        layer
    depth, width : int
        hidden layers, and units or channels of each
    activation : {"relu", "tanh", "sigmoid", "gelu", "identity"} or callable
        of every hidden layer; a factory takes nothing and returns a ``torch.nn.Module`` without
        parameters, a function of single numbers: ``torch.nn.SiLU``
    norm : {"none", "batch", "layer", "group", "instance", "rms"} or callable
        of every hidden layer; in a cnn, layer norm pools channels and positions of a sample. A
        factory takes ``(members, channels)`` and returns a ``torch.nn.Module`` from ``(N, E, C,
        *S)`` (samples, members, channels, positions) to the same shape, with E in front of the
        shape of each of its parameters, as the members are strangers to each other
    placement : {"before", "after"}
        where the norm stands, seen from the activation, in layers without a skip
    groups : int
        of group norm
    norm_batch : int or None
        samples that share their statistics in batch norm, a divisor of ``batch_size`` ("ghost
        batches": Hoffer et al. 2017); None is the whole batch
    residual : {None, "pre", "post"}
        the equations above
    branch_scale : float
        factor of what every residual branch adds, at the start. It multiplies the first gamma of
        the branch's norm where the branch ends with one (``"post"``), else the initial weights and
        biases of W. 0 makes each branch begin with nothing ("zero gamma": Goyal et al. 2017,
        section 5.1); with ``depth**-0.5`` all of them together add about as much as the first layer
        gives (De & Smith 2020: what a norm in each branch brings about by itself)
    init : str
        a function of ``torch.nn.init`` without its underscore, with biases zero; ``"normal"`` has
        standard deviation 1; ``"torch"`` is what ``torch.nn.Linear`` does, biases included
    weight_scale : float
        multiplies the initial weights of the hidden layers
    optimizer : {"sgd", "adam", "adamw"}
        with the meaning of ``torch.optim``
    learning_rate, momentum, weight_decay : float
        of the optimizer; momentum is of SGD alone
    batch_size, epochs : int
        the last, incomplete batch of an epoch is left out
    eps, norm_momentum : float
        of the norm, and of the running statistics of batch norm, with PyTorch's meaning
    dropout : float
        part of the inputs of each linear map but the first that is set to 0 in training
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

    stack: ClassVar[str] = "bncourse.experiments.stack:Stack"
    per_member: ClassVar[tuple] = PER_MEMBER

    data: Callable[[int], Splits] = field(default=digits, validator=function)
    model: str = choice("mlp", "cnn")
    depth: int = counted(3)
    width: int = counted(32)
    activation: str | Callable = choice(
        *("relu", "tanh", "sigmoid", "gelu", "identity"), factory="() -> module"
    )
    norm: str | Callable = choice(
        *("none", "batch", "layer", "group", "instance", "rms"),
        factory="(members, channels) -> module",
    )
    placement: str = choice("before", "after")
    groups: int = counted(1)
    norm_batch: int | None = counted(None, optional=True)
    residual: str | None = choice(None, "pre", "post")
    branch_scale: float = real(1.0)
    init: str = choice(
        *("kaiming_normal", "kaiming_uniform", "xavier_normal", "xavier_uniform"),
        *("orthogonal", "normal", "torch"),
    )
    weight_scale: float = real(1.0)
    optimizer: str = choice("sgd", "adam", "adamw")
    learning_rate: float = real(0.1)
    momentum: float = real(0.0, high=1)
    weight_decay: float = real(0.0)
    batch_size: int = counted(32)
    epochs: int = counted(10)
    eps: float = real(1e-5)
    norm_momentum: float = real(0.1, high=1)
    dropout: float = real(0.0, high=0.99)
    noise: float = real(0.0)

    def _contradictions(self) -> Iterable[tuple[object, str]]:
        """Yield conditions that must not be, each with what to do about it."""
        about_norm = {
            "none": OF_THE_NORM,
            "batch": ("groups",),
            "group": ("norm_batch", "norm_momentum"),
        }.get(self.norm, ("groups", "norm_batch", "norm_momentum"))  # pyrefly: ignore[no-matching-overload]
        for name in OF_THE_NORM[1:] if callable(self.norm) else about_norm:
            value = getattr(self, name)
            yield (
                value != _default(name),
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
            self.optimizer != "sgd" and self.momentum,
            f"momentum={self.momentum} is a setting of SGD: leave it out with "
            f"optimizer={self.optimizer!r}",
        )
        yield (
            self.residual and self.placement == "after",
            f"placement='after' means nothing with residual={self.residual!r}, which says where "
            "the norm stands: leave placement out",
        )
        yield (
            not self.residual and self.branch_scale != 1,
            f"branch_scale={self.branch_scale} needs residual branches: choose residual='pre' or "
            "'post', or leave branch_scale out",
        )

    @property
    def statistics_batch(self) -> int:
        """Samples that share their statistics in batch norm."""
        return self.norm_batch or self.batch_size

    def without_norm(self) -> Self:
        """Return the same configuration without its norm and the settings of the norm."""
        return self.usual("norm", *OF_THE_NORM)


def _default(name):
    return attrs.fields_dict(Config)[name].default


def grid(config: Kind, **settings: Iterable[Any]) -> list[Kind]:
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
        config.replace(**dict(zip(settings, values, strict=True)))
        for values in product(*settings.values())
    ]
