"""The modules of which networks are put together: named ones, and those that factories make."""

from collections.abc import Sequence
from functools import partial

from torch import nn

from bncourse.evidence.config import Config
from bncourse.experiments import layers
from bncourse.experiments.streams import DROPOUT, NOISE, Streams

ACTIVATIONS = {
    "relu": nn.ReLU,
    "tanh": nn.Tanh,
    "sigmoid": nn.Sigmoid,
    "gelu": nn.GELU,
    "identity": nn.Identity,
}
HALVED = 2  # the first layers of a cnn, each followed by pooling


class Parts:
    """Maker of the modules of which networks are put together, by their configuration."""

    def __init__(
        self, configs: Sequence[Config], seeds: Sequence[int], shape: Sequence[int]
    ) -> None:
        self.config, self.members = configs[0], len(configs) * len(seeds)
        self.widths = [shape[0], *[self.config.width] * self.config.depth]
        self.streams = {
            purpose: Streams(seeds, len(configs), purpose) for purpose in (DROPOUT, NOISE)
        }

    def linear(self, number: int) -> layers.Conv2d | layers.Linear:
        """Return the linear map of a hidden layer."""
        kind = layers.Conv2d if self.config.model == "cnn" else layers.Linear
        return kind(self.members, *self.widths[number : number + 2])

    def pool(self, number: int) -> nn.Module:
        """Return what halves the image after a layer, or leaves it as it is."""
        halves = self.config.model == "cnn" and number < HALVED
        return layers.HalveImage() if halves else nn.Identity()

    def norm(self) -> nn.Module:
        """Return a norm, with the noise that follows it."""
        norm, strength = self._norm(), self.config.noise
        if not strength:
            return norm
        return nn.Sequential(norm, layers.Perturb(strength, self.streams[NOISE]))

    def activation(self) -> nn.Module:
        """Return an activation."""
        return _activation(self.config.activation)

    def dropout(self) -> nn.Module:
        """Return a dropout, or what leaves its input as it is."""
        part = self.config.dropout
        return layers.Dropout(part, self.streams[DROPOUT]) if part else nn.Identity()

    def _norm(self):
        config = self.config
        if callable(config.norm):
            return _norm_of(config.norm, self.members, config.width)
        shape = self.members, config.width, config.eps
        return {
            "none": lambda: nn.Identity(),
            "batch": lambda: _batch_norm(config, shape),
            "layer": lambda: layers.GroupNorm(*shape, groups=1),
            "group": lambda: layers.GroupNorm(*shape, groups=config.groups),
            "instance": lambda: layers.GroupNorm(*shape, groups=config.width),
            "rms": lambda: layers.RMSNorm(*shape),
        }[config.norm]()


def _batch_norm(config: Config, shape: tuple[int, int, float]) -> layers.BatchNorm:
    if config.norm_batch is None:
        return layers.BatchNorm(*shape, config.norm_momentum)
    return layers.GhostBatchNorm(*shape, config.norm_momentum, config.norm_batch)


def _activation(choice):
    if not callable(choice):
        return ACTIVATIONS[choice]()
    activation = _made("activation", choice)
    for name, parameter in activation.named_parameters():
        raise ValueError(
            f"activation={choice!r} made a module with a parameter {name}, {_shape(parameter)}, "
            "which members of a stack would share: give it to a norm, whose factory is told how "
            "many members there are"
        )
    return activation


def _norm_of(factory, members, channels):
    """Return what a factory makes, once its parameters are seen to be one for each member."""
    norm = _made("norm", factory, members, channels)
    for name, parameter in norm.named_parameters():
        if parameter.shape[:1] != (members,):
            raise ValueError(
                f"norm={factory!r} made a module with a parameter {name} of shape "
                f"{_shape(parameter)}: give each of the {members} members its own, as in "
                f"(members, channels) = {(members, channels)}"
            )
    return norm


def _made(setting, factory, *arguments):
    """Return the module that a factory makes, which will see that it keeps the shape."""
    advice = "pass a function, or a class, that returns a torch.nn.Module"
    if isinstance(factory, nn.Module):
        raise TypeError(f"{setting} must be a factory, got the module {factory!r} itself: {advice}")
    module = factory(*arguments)
    if not isinstance(module, nn.Module):
        raise TypeError(f"{setting}={factory!r} made {module!r}, which is no module: {advice}")
    module.register_forward_hook(partial(_require_shape_kept, f"{setting}={factory!r}"))
    return module


def _require_shape_kept(setting, module, inputs, output):
    before, after = (_shape(each) for each in (inputs[0], output))
    if before != after:
        raise ValueError(
            f"{setting} made a module that turns shape {before} into {after}: let it keep the "
            "shape (samples, members, channels, *positions)"
        )


def _shape(value):
    return tuple(value.shape) if hasattr(value, "shape") else type(value).__name__
