"""Answers to the exercise as people write them: right ones in many styles, and wrong ones."""

import torch
from torch import nn
from torch.nn import functional


class Plain(nn.Module):
    """Assigns new buffers, under no_grad."""

    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(num_features))
        self.beta = nn.Parameter(torch.zeros(num_features))
        self.register_buffer("running_mean", torch.zeros(num_features))
        self.register_buffer("running_var", torch.ones(num_features))
        self.register_buffer("num_batches_tracked", torch.tensor(0, dtype=torch.long))
        self.eps = eps
        self.momentum = momentum

    def forward(self, x):
        if self.training:
            mean = x.mean(dim=0, keepdim=True)
            var = ((x - mean) ** 2).mean(dim=0, keepdim=True)
            with torch.no_grad():
                n, m = x.shape[0], self.momentum
                self.running_mean = (1 - m) * self.running_mean + m * mean.squeeze(0)
                self.running_var = (1 - m) * self.running_var + m * var.squeeze(0) * n / (n - 1)
                self.num_batches_tracked = self.num_batches_tracked + 1
        else:
            mean, var = self.running_mean, self.running_var
        return self.gamma * ((x - mean) / torch.sqrt(var + self.eps)) + self.beta


class WithTorchsFunction(Plain):
    def forward(self, x):
        if self.training:
            self.num_batches_tracked.add_(1)
        return functional.batch_norm(
            x,
            self.running_mean,
            self.running_var,
            self.gamma,
            self.beta,
            self.training,
            self.momentum,
            self.eps,
        )


class WithData(Plain):
    def forward(self, x):
        if not self.training:
            return self.normalized(x, self.running_mean, self.running_var)
        self.running_mean.data += self.momentum * (x.data.mean(0) - self.running_mean.data)
        self.running_var.data += self.momentum * (x.data.var(0) - self.running_var.data)
        self.num_batches_tracked.data += 1
        return self.normalized(x, x.mean(0), x.var(0, unbiased=False))

    def normalized(self, x, mean, var):
        return (x - mean) * (var + self.eps).rsqrt() * self.gamma + self.beta


class AroundTorchsLayer(nn.Module):
    """Borrows the parameters and buffers of a layer of torch."""

    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__()
        inner = nn.BatchNorm1d(num_features, eps=eps, momentum=momentum)
        self.gamma, self.beta = inner.weight, inner.bias
        for name, buffer in inner.named_buffers():
            self.register_buffer(name, buffer)
        self.eps, self.momentum = eps, momentum

    forward = WithTorchsFunction.forward


class WithEinsum(Plain):
    def forward(self, x):
        mean, var = self.running_mean, self.running_var
        if self.training:
            mean = torch.einsum("nc->c", x) / len(x)
            var = torch.einsum("nc,nc->c", x - mean, x - mean) / len(x)
            self.running_mean.mul_(1 - self.momentum).add_(self.momentum * mean.detach())
            unbiased = var.detach() * len(x) / (len(x) - 1)
            self.running_var.mul_(1 - self.momentum).add_(self.momentum * unbiased)
            self.num_batches_tracked += 1
        return torch.addcmul(self.beta, x - mean, self.gamma / (var + self.eps) ** 0.5)


class Buffered(nn.Module):
    """Counts in floating point, and keeps nn.Parameter(torch.empty) filled by a method."""

    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__()
        self.register_parameter("gamma", nn.Parameter(torch.empty(num_features)))
        self.register_parameter("beta", nn.Parameter(torch.empty(num_features)))
        self.running_mean = nn.Buffer(torch.zeros(num_features))
        self.running_var = nn.Buffer(torch.ones(num_features))
        self.num_batches_tracked = nn.Buffer(torch.zeros(1))
        nn.init.ones_(self.gamma)
        nn.init.zeros_(self.beta)
        self.eps, self.momentum = eps, momentum

    forward = WithData.forward
    normalized = WithData.normalized


RIGHT = [Plain, WithTorchsFunction, WithData, AroundTorchsLayer, WithEinsum, Buffered]


class PlainTensors(Plain):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        nn.Module.__init__(self)
        self.gamma = nn.Parameter(torch.ones(num_features))
        self.beta = nn.Parameter(torch.zeros(num_features))
        self.running_mean = torch.zeros(num_features)
        self.running_var = torch.ones(num_features)
        self.num_batches_tracked = 0
        self.eps, self.momentum = eps, momentum


class NotDetached(Plain):
    def forward(self, x):
        mean, var = self.running_mean, self.running_var
        if self.training:
            mean, var = x.mean(0), x.var(0, unbiased=False)
            m, n = self.momentum, len(x)
            self.running_mean = (1 - m) * self.running_mean + m * mean
            self.running_var = (1 - m) * self.running_var + m * var * n / (n - 1)
            self.num_batches_tracked += 1
        return self.gamma * (x - mean) / torch.sqrt(var + self.eps) + self.beta


class FromABook(Plain):
    """Guesses the mode from the gradient, and reads momentum as Keras does."""

    def forward(self, x):
        if not torch.is_grad_enabled():
            x_hat = (x - self.running_mean) / torch.sqrt(self.running_var + self.eps)
        else:
            mean, var = x.mean(0), x.var(0, unbiased=False)
            x_hat = (x - mean) / torch.sqrt(var + self.eps)
            m = self.momentum
            unbiased = x.detach().var(0)
            self.running_mean = m * self.running_mean + (1 - m) * mean.detach()
            self.running_var = m * self.running_var + (1 - m) * unbiased
        if self.training:
            self.num_batches_tracked += 1
        return self.gamma * x_hat + self.beta


class TorchsDefaultVariance(Plain):
    """Normalises with x.var(0), which is the unbiased one."""

    def forward(self, x):
        mean, var = self.running_mean, self.running_var
        if self.training:
            mean, var = x.mean(0), x.var(0)
            self.running_mean.lerp_(mean.detach(), self.momentum)
            self.running_var.lerp_(var.detach(), self.momentum)
            self.num_batches_tracked += 1
        return self.gamma * (x - mean) / torch.sqrt(var + self.eps) + self.beta


class SameVarianceForBoth(Plain):
    def forward(self, x):
        mean, var = self.running_mean, self.running_var
        if self.training:
            mean, var = x.mean(0), x.var(0, unbiased=False)
            self.running_mean.lerp_(mean.detach(), self.momentum)
            self.running_var.lerp_(var.detach(), self.momentum)
            self.num_batches_tracked += 1
        return self.gamma * (x - mean) / torch.sqrt(var + self.eps) + self.beta


class StatisticsUnderNoGrad(Plain):
    def forward(self, x):
        with torch.no_grad():
            if self.training:
                mean, var = x.mean(0), x.var(0, unbiased=False)
                self.running_mean.lerp_(mean, self.momentum)
                self.running_var.lerp_(x.var(0), self.momentum)
                self.num_batches_tracked += 1
            else:
                mean, var = self.running_mean, self.running_var
        return self.gamma * (x - mean) / torch.sqrt(var + self.eps) + self.beta


class UpdatesAlways(Plain):
    def forward(self, x):
        with torch.no_grad():
            self.running_mean.lerp_(x.mean(0), self.momentum)
            self.running_var.lerp_(x.var(0), self.momentum)
        if self.training:
            self.num_batches_tracked += 1
            mean, var = x.mean(0), x.var(0, unbiased=False)
        else:
            mean, var = self.running_mean, self.running_var
        return self.gamma * (x - mean) / torch.sqrt(var + self.eps) + self.beta


class Shadow(Plain):
    """Averages beside the buffers, and only writes to those."""

    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__(num_features, eps, momentum)
        self.mean, self.var = torch.zeros(num_features), torch.ones(num_features)

    def forward(self, x):
        mean, var = self.running_mean, self.running_var
        if self.training:
            mean, var = x.mean(0), x.var(0, unbiased=False)
            with torch.no_grad():
                self.mean = self.mean + self.momentum * (mean - self.mean)
                self.var = self.var + self.momentum * (x.var(0) - self.var)
                self.running_mean.copy_(self.mean)
                self.running_var.copy_(self.var)
                self.num_batches_tracked += 1
        return self.gamma * (x - mean) / torch.sqrt(var + self.eps) + self.beta


class CountsInPython(WithTorchsFunction):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__(num_features, eps, momentum)
        self.n = 0

    def forward(self, x):
        if self.training:
            self.n += 1
        y = super().forward(x)
        self.num_batches_tracked.fill_(self.n)
        return y


class UpdatedThenUsed(Plain):
    def forward(self, x):
        if self.training:
            with torch.no_grad():
                self.running_mean.lerp_(x.mean(0), self.momentum)
                self.running_var.lerp_(x.var(0), self.momentum)
                self.num_batches_tracked += 1
        x_hat = (x - self.running_mean) / torch.sqrt(self.running_var + self.eps)
        return self.gamma * x_hat + self.beta


class NotPersistent(Plain):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__(num_features, eps, momentum)
        for name, buffer in list(self.named_buffers()):
            self.register_buffer(name, buffer, persistent=False)


class RandomGamma(Plain):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__(num_features, eps, momentum)
        self.gamma = nn.Parameter(torch.randn(num_features))


class GammaAsBuffer(Plain):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__(num_features, eps, momentum)
        del self.gamma, self.beta
        self.register_buffer("gamma", torch.ones(num_features))
        self.register_buffer("beta", torch.zeros(num_features))


class ThroughNumPy(Plain):
    def forward(self, x):
        data = x.detach().numpy()
        return torch.from_numpy((data - data.mean(0)) / (data.var(0) + self.eps) ** 0.5)


class Forgot(Plain):
    def forward(self, x):
        x = (x - x.mean(0)) / (x.var(0) + self.eps) ** 0.5


class WithoutCount(Plain):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__(num_features, eps, momentum)
        del self.num_batches_tracked

    def forward(self, x):
        mean, var = self.running_mean, self.running_var
        if self.training:
            mean, var = x.mean(0), x.var(0, unbiased=False)
            self.remember(mean, var, x)
        return self.gamma * (x - mean) / torch.sqrt(var + self.eps) + self.beta

    def remember(self, mean, var, x):
        self.running_mean.lerp_(mean.detach(), self.momentum)
        self.running_var.lerp_(var.detach(), self.momentum)


class WithoutCountNotDetached(WithoutCount):
    def remember(self, mean, var, x):
        self.running_mean = torch.lerp(self.running_mean, mean, self.momentum)
        self.running_var = torch.lerp(self.running_var, x.var(0), self.momentum)


class AllReversed(Plain):
    def forward(self, x):
        self.training = not self.training
        y = super().forward(x)
        self.training = not self.training
        return y


def a_function(x, gamma, beta, eps=1e-5):
    return gamma * (x - x.mean(0)) / torch.sqrt(x.var(0, unbiased=False) + eps) + beta


class StatisticsAsParameters(nn.Module):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__()
        self.eps, self.momentum = eps, momentum
        self.gamma = nn.Parameter(torch.ones(num_features))
        self.beta = nn.Parameter(torch.zeros(num_features))
        self.running_mean = nn.Parameter(torch.zeros(num_features), requires_grad=False)
        self.running_var = nn.Parameter(torch.ones(num_features), requires_grad=False)
        self.num_batches_tracked = nn.Parameter(torch.tensor(0), requires_grad=False)

    def forward(self, x):
        if self.training:
            mean, var = x.mean(0), x.var(0, unbiased=False)
            self.running_mean.data = (
                1 - self.momentum
            ) * self.running_mean.data + self.momentum * mean.detach()
            self.running_var.data = (
                1 - self.momentum
            ) * self.running_var.data + self.momentum * x.detach().var(0)
            self.num_batches_tracked.data += 1
        else:
            mean, var = self.running_mean, self.running_var
        return self.gamma * (x - mean) / torch.sqrt(var + self.eps) + self.beta


class HardCodedAndWithoutCount(Plain):
    def forward(self, x):
        kept = self.running_mean, self.running_var
        return functional.batch_norm(x, *kept, self.gamma, self.beta, self.training)


WRONG = [
    (PlainTensors, {"statistics-as-attributes", "count-as-attribute"}),
    (NotDetached, {"statistics-carry-a-graph"}),
    (FromABook, {"mode-guessed-from-gradient", "update-rate-reversed"}),
    (TorchsDefaultVariance, {"unbiased-variance"}),
    (SameVarianceForBoth, {"biased-variance-averaged"}),
    (StatisticsUnderNoGrad, {"statistics-without-gradient"}),
    (UpdatesAlways, {"updated-in-evaluation"}),
    (Shadow, {"statistics-beside-buffers"}),
    (CountsInPython, {"count-beside-buffer"}),
    (UpdatedThenUsed, {"updated-statistics-in-training"}),
    (NotPersistent, {"statistics-not-saved", "count-not-saved"}),
    (RandomGamma, {"layer-starts-neutral"}),
    (GammaAsBuffer, {"parameters-as-buffers"}),
    (WithoutCount, {"count-missing", "biased-variance-averaged"}),
    (WithoutCountNotDetached, {"count-missing", "statistics-carry-a-graph"}),
    (AllReversed, {"modes-reversed"}),
    (ThroughNumPy, None),
    (Forgot, None),
    (a_function, None),
    (StatisticsAsParameters, {"statistics-as-frozen-parameters", "count-as-parameter"}),
    (HardCodedAndWithoutCount, {"eps-ignored", "momentum-ignored", "batches-not-counted"}),
]
