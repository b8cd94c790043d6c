"""A chain of layers."""

from collections import Counter
from typing import Self

from bncourse.scratch.layers import Layer


class Sequential(Layer):
    """Layers one after the other.

    After ``forward``, ``outputs[i]`` is the output of ``layers[i]``; after ``backward``,
    ``output_grads[i]`` is the gradient of the loss for that output.

    Parameters
    ----------
    *layers : Layer
        in the order of the forward pass

    Raises
    ------
    ValueError
        the same object stands twice among the layers or within them: it keeps one forward pass.
    """

    def __init__(self, *layers: Layer) -> None:
        super().__init__()
        for layer, times in Counter(_within(layers)).items():
            if times > 1:
                raise ValueError(
                    f"layers must be different objects, got one {type(layer).__name__} {times} "
                    "times: it remembers one forward pass, make a second one"
                )
        self.layers = layers
        self.parameters = {
            f"{i}.{name}": parameter
            for i, layer in enumerate(layers)
            for name, parameter in layer.parameters.items()
        }
        self.outputs = []
        self.output_grads = []

    def train(self) -> Self:
        """Switch all layers to training mode and return the network."""
        for layer in self.layers:
            layer.train()
        return super().train()

    def eval(self) -> Self:
        """Switch all layers to evaluation mode and return the network."""
        for layer in self.layers:
            layer.eval()
        return super().eval()

    def _forward(self, x):
        self.outputs = []
        for layer in self.layers:
            x = layer.forward(x)
            self.outputs.append(x)
        return x, ()

    def _backward(self, grad, _):
        self.output_grads = []
        for layer in reversed(self.layers):
            self.output_grads.insert(0, grad)
            grad = layer.backward(grad)
        return grad


def _within(layers):
    for layer in layers:
        yield layer
        yield from _within(getattr(layer, "layers", ()))
