"""Batch normalization and its relatives from scratch: NumPy alone, every derivative by hand."""

from bncourse.scratch.activations import ReLU, Sigmoid, Tanh
from bncourse.scratch.gradient_check import GradientCheck, check_gradient
from bncourse.scratch.kernel import Standardized, standardize, standardize_backward
from bncourse.scratch.layers import BatchNorm, Layer, Linear, Parameter
from bncourse.scratch.losses import softmax_cross_entropy, softmax_cross_entropy_backward
from bncourse.scratch.moments import Moments, merge_moments, moments_of
from bncourse.scratch.network import Sequential
from bncourse.scratch.norms import (
    batch_norm,
    batch_norm_backward,
    group_norm,
    group_norm_backward,
    instance_norm,
    instance_norm_backward,
    layer_norm,
    layer_norm_backward,
    rms_norm,
    rms_norm_backward,
)
from bncourse.scratch.optim import SGD
from bncourse.scratch.running import (
    RunningStatistics,
    batch_norm_eval,
    batch_norm_eval_backward,
    update_running,
)
from bncourse.scratch.training import accuracy, backpropagate, train_step

__all__ = [
    "BatchNorm",
    "GradientCheck",
    "Layer",
    "Linear",
    "Moments",
    "Parameter",
    "ReLU",
    "RunningStatistics",
    "SGD",
    "Sequential",
    "Sigmoid",
    "Standardized",
    "Tanh",
    "accuracy",
    "backpropagate",
    "batch_norm",
    "batch_norm_backward",
    "batch_norm_eval",
    "batch_norm_eval_backward",
    "check_gradient",
    "group_norm",
    "group_norm_backward",
    "instance_norm",
    "instance_norm_backward",
    "layer_norm",
    "layer_norm_backward",
    "merge_moments",
    "moments_of",
    "rms_norm",
    "rms_norm_backward",
    "softmax_cross_entropy",
    "softmax_cross_entropy_backward",
    "standardize",
    "standardize_backward",
    "train_step",
    "update_running",
]
