"""What can be measured inside a stack of networks, at any step of their training.

A probe is a function ``probe(network, x, y)`` of the network of a ``Stack``, of inputs
``(N, E, C, *S)`` and of labels (N, E). It returns a dict of tensors, (E,) or (E, layers): a number
for each member, or for each hidden layer of each member, in forward order. Pass it to
``run(..., probes=[...])``, or call it on ``Stack(configs, seeds).network``. Settings are keyword
arguments, given beforehand with ``functools.partial(landscape, learning_rate=0.1)``.

A probe measures the network in the mode in which it is (in a stack: training), on the random
numbers (dropout, noise) that the next step of training will draw. It changes nothing: neither
parameters and gradients nor running statistics and streams of random numbers.
"""

from bncourse.experiments.probes.gradients import gradient_norms
from bncourse.experiments.probes.growth import growth_factor, growth_in_theory
from bncourse.experiments.probes.landscape import landscape
from bncourse.experiments.probes.moments import activation_moments
from bncourse.experiments.probes.rank import effective_rank
from bncourse.experiments.probes.saturation import saturation
from bncourse.experiments.probes.separation import class_share
from bncourse.experiments.probes.shift import gradient_shift, input_shift

__all__ = [
    "activation_moments",
    "class_share",
    "effective_rank",
    "gradient_norms",
    "gradient_shift",
    "growth_factor",
    "growth_in_theory",
    "input_shift",
    "landscape",
    "saturation",
]
