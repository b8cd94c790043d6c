"""Answers to the exercise as people write them: right ones in many styles, and wrong ones."""

from types import MethodType

import torch
from torch import nn
from torch.nn.modules.batchnorm import _BatchNorm


def with_a_hook(model):
    for module in model.modules():
        if isinstance(module, _BatchNorm):
            module.weight.requires_grad = False
            module.bias.requires_grad = False
            module.register_forward_pre_hook(lambda m, args: m.eval() and None)


def with_a_method(model):
    for module in model.modules():
        if isinstance(module, _BatchNorm):
            for parameter in module.parameters():
                parameter.requires_grad = False
            module.train = MethodType(nn.Identity.train, nn.Identity())
            module.training = False


class FrozenBatchNorm(nn.Module):
    """A fixed scale and shift, kept as buffers."""

    def __init__(self, norm):
        super().__init__()
        slope = norm.weight.detach() / torch.sqrt(norm.running_var + norm.eps)
        self.register_buffer("slope", slope)
        self.register_buffer("offset", norm.bias.detach() - norm.running_mean * slope)

    def forward(self, x):
        shape = (1, -1) + (1,) * (x.ndim - 2)
        return x * self.slope.view(shape) + self.offset.view(shape)


def replaced(model):
    for name, child in model.named_children():
        if isinstance(child, _BatchNorm):
            setattr(model, name, FrozenBatchNorm(child))
        else:
            replaced(child)
    return model


class Still1d(nn.BatchNorm1d):
    def train(self, mode=True):
        return super().train(False)


class Still2d(nn.BatchNorm2d):
    def train(self, mode=True):
        return super().train(False)


def with_another_class(model):
    for module in model.modules():
        if isinstance(module, _BatchNorm):
            module.__class__ = Still2d if isinstance(module, nn.BatchNorm2d) else Still1d
            module.train()
            module.requires_grad_(False)


def with_the_models_train(model):
    """Let the model's own train() be followed by eval() for the layers."""
    layers = [m for m in model.modules() if isinstance(m, _BatchNorm)]

    def train(mode=True):
        type(model).train(model, mode)
        for layer in layers:
            layer.eval()
        return model

    model.train = train
    for layer in layers:
        layer.eval().requires_grad_(False)


def by_recursion(model):
    if isinstance(model, _BatchNorm):
        model.eval()
        model.train = lambda *args, **kwargs: model
        for parameter in model.parameters():
            parameter.requires_grad_(False)
    for child in model.children():
        by_recursion(child)


RIGHT = [
    with_a_hook,
    with_a_method,
    replaced,
    with_another_class,
    with_the_models_train,
    by_recursion,
]


def requires_grad_only(model):
    for name, parameter in model.named_parameters():
        module = model.get_submodule(name.rpartition(".")[0])
        if isinstance(module, _BatchNorm):
            parameter.requires_grad = False


def eval_only_once(model):
    for module in model.modules():
        if isinstance(module, _BatchNorm):
            module.eval()
            module.requires_grad_(False)


def only_eval_only_once(model):
    for module in model.modules():
        if isinstance(module, _BatchNorm):
            module.eval()


def without_tracking(model):
    for module in model.modules():
        if isinstance(module, _BatchNorm):
            module.requires_grad_(False)
            module.track_running_stats = False


def the_whole_model(model):
    model.eval()
    model.train = lambda mode=True: model
    for parameter in model.parameters():
        parameter.requires_grad = False


def children_only(model):
    for module in model.children():
        if isinstance(module, _BatchNorm):
            module.requires_grad_(False).eval()
            module.train = lambda mode=True, module=module: module


def one_dimension_only(model):
    for module in model.modules():
        if isinstance(module, nn.BatchNorm1d):
            module.requires_grad_(False).eval()
            module.train = lambda mode=True, module=module: module


def by_name(model):
    for name, parameter in model.named_parameters():
        if "bn" in name:
            parameter.requires_grad = False


def by_wrong_attribute(model):
    for module in model.modules():
        if isinstance(module, _BatchNorm):
            module.gamma.requires_grad = False


def removed(model):
    for name, child in model.named_children():
        if isinstance(child, _BatchNorm):
            setattr(model, name, nn.Identity())
        else:
            removed(child)


def two_levels(model):
    for child in model.children():
        for module in (child, *child.children()):
            if isinstance(module, _BatchNorm):
                module.requires_grad_(False).eval()
                module.train = lambda mode=True, module=module: module


def by_name_of_class(model):
    for module in model.modules():
        if "Norm" in type(module).__name__:
            module.requires_grad_(False).eval()
            module.train = lambda mode=True, module=module: module


def with_torchs_function(model):
    def forward(self, x):
        kept = self.running_mean, self.running_var, self.weight, self.bias
        return nn.functional.batch_norm(x, *kept, training=False)

    for module in model.modules():
        if isinstance(module, _BatchNorm):
            module.requires_grad_(False)
            module.forward = MethodType(forward, module)


def under_no_grad(model):
    with_a_method(model)
    for module in model.modules():
        if isinstance(module, _BatchNorm):
            module.forward = torch.no_grad()(module.forward)


def gradients_of_zero(model):
    for module in model.modules():
        if isinstance(module, _BatchNorm):
            module.eval()
            module.train = lambda mode=True, module=module: module
            for parameter in module.parameters():
                parameter.register_hook(torch.zeros_like)


def dropout_too(model):
    with_a_method(model)
    for module in model.modules():
        if isinstance(module, nn.Dropout):
            module.eval()
            module.train = lambda mode=True, module=module: module


def hook_after_the_forward_pass(model):
    for m in model.modules():
        if isinstance(m, (nn.BatchNorm1d, nn.BatchNorm2d)):
            m.eval()
            m.requires_grad_(False)
            m.register_forward_hook(lambda mod, inp, out: setattr(mod, "training", False))


def train_without_an_argument(model):
    for m in model.modules():
        if isinstance(m, (nn.BatchNorm1d, nn.BatchNorm2d)):
            m.eval()
            m.train = lambda: None
            m.requires_grad_(False)


class Fixed(FrozenBatchNorm):
    def __init__(self, norm):
        nn.Module.__init__(self)
        slope = norm.weight.detach() / torch.sqrt(norm.running_var)
        self.register_buffer("slope", slope)
        self.register_buffer("offset", norm.bias.detach() - norm.running_mean * slope)


def replaced_without_eps(model):
    for name, child in model.named_children():
        if isinstance(child, _BatchNorm):
            setattr(model, name, Fixed(child))
        else:
            replaced_without_eps(child)


def a_usual_helper(model):
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.eval()


def untracked_and_in_evaluation(model):
    for m in model.modules():
        if isinstance(m, (nn.BatchNorm1d, nn.BatchNorm2d)):
            m.track_running_stats = False
            m.eval()
            m.requires_grad_(False)


WRONG = [
    (two_levels, {"freeze-two-levels"}),
    (by_name_of_class, {"freeze-all-norms"}),
    (with_torchs_function, {"freeze-default-eps"}),
    (under_no_grad, {"freeze-output-without-gradient"}),
    (gradients_of_zero, {"freeze-gradients-zeroed"}),
    (dropout_too, {"freeze-dropout-too"}),
    (requires_grad_only, {"freeze-parameters-alone"}),
    (eval_only_once, {"freeze-eval-once"}),
    (only_eval_only_once, {"freeze-eval-once", "freeze-statistics-alone"}),
    (without_tracking, {"freeze-not-updated"}),
    (the_whole_model, {"freeze-whole-in-evaluation", "freeze-everything"}),
    (children_only, {"freeze-children-alone"}),
    (one_dimension_only, {"freeze-vectors-alone"}),
    (by_name, {"freeze-nothing"}),
    (by_wrong_attribute, {"raises-at"}),
    (removed, {"freeze-removed"}),
    (hook_after_the_forward_pass, {"freeze-after-first-pass"}),
    (train_without_an_argument, {"freeze-train-without-mode"}),
    (replaced_without_eps, {"freeze-eps-missing"}),
    (a_usual_helper, {"freeze-images-alone", "freeze-eval-once", "freeze-statistics-alone"}),
    (untracked_and_in_evaluation, {"freeze-not-updated"}),
]
