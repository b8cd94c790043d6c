"""Answers to the exercise as people write them: right ones in many styles, and wrong ones."""

import torch
from torch.autograd import Function
from torch.autograd.function import once_differentiable
from torch.nn import functional


class ByTheParameters(Function):
    @staticmethod
    def forward(ctx, x, gamma, beta, eps):
        inv_std = (x.var(0, unbiased=False) + eps).rsqrt()
        x_hat = (x - x.mean(0)) * inv_std
        ctx.save_for_backward(x_hat, inv_std, gamma)
        return torch.addcmul(beta, x_hat, gamma)

    @staticmethod
    @once_differentiable
    def backward(ctx, grad):
        x_hat, inv_std, gamma = ctx.saved_tensors
        n, dbeta, dgamma = len(grad), grad.sum(0), (grad * x_hat).sum(0)
        return gamma * inv_std / n * (n * grad - dbeta - x_hat * dgamma), dgamma, dbeta, None


class AsksWhatIsNeeded(Function):
    @staticmethod
    def forward(ctx, x, gamma, beta, eps):
        ctx.save_for_backward(x, gamma)
        ctx.eps = eps
        return functional.batch_norm(x, None, None, gamma, beta, training=True, eps=eps)

    @staticmethod
    def backward(ctx, grad):
        x, gamma = ctx.saved_tensors
        d = x - x.mean(dim=0, keepdim=True)
        s = ((d * d).mean(dim=0, keepdim=True) + ctx.eps).sqrt()
        dx = dgamma = dbeta = None
        if ctx.needs_input_grad[0]:
            g = grad * gamma
            dx = (g - g.mean(0) - d / s * (g * d / s).mean(0)) / s
        if ctx.needs_input_grad[1]:
            dgamma = torch.einsum("nc,nc->c", grad, d / s)
        if ctx.needs_input_grad[2]:
            dbeta = torch.einsum("nc->c", grad)
        return dx, dgamma, dbeta, None


class KeptByHand(Function):
    @staticmethod
    def forward(ctx, x, gamma, beta, eps):
        ctx.d = x - x.mean(0)
        ctx.gamma, ctx.std = gamma, (ctx.d.pow(2).mean(0) + eps).sqrt()
        return ctx.d / ctx.std * gamma + beta

    @staticmethod
    def backward(ctx, dy):
        m = dy.shape[0]
        dx_hat = dy * ctx.gamma
        dvar = (dx_hat * ctx.d).sum(0) * -0.5 / ctx.std**3
        dmean = -(dx_hat / ctx.std).sum(0)
        dx = dx_hat / ctx.std + dvar * 2 * ctx.d / m + dmean / m
        return dx, (dy * ctx.d / ctx.std).sum(0), dy.sum(0), None


class WithSetupContext(Function):
    @staticmethod
    def forward(x, gamma, beta, eps):
        return gamma * (x - x.mean(0)) / torch.sqrt(x.var(0, correction=0) + eps) + beta

    @staticmethod
    def setup_context(ctx, inputs, output):
        x, gamma, _, ctx.eps = inputs
        ctx.save_for_backward(x, gamma)

    @staticmethod
    def backward(ctx, grad):
        x, gamma = ctx.saved_tensors
        std = torch.sqrt(x.var(0, correction=0) + ctx.eps)
        x_hat = (x - x.mean(0)) / std
        dx = gamma / std * (grad - grad.mean(0) - x_hat * (grad * x_hat).mean(0))
        return dx, (grad * x_hat).sum(0), grad.sum(0), None


class LetsAutogradDoIt(Function):
    @staticmethod
    def forward(ctx, x, gamma, beta, eps):
        ctx.save_for_backward(x, gamma, beta)
        ctx.eps = eps
        return functional.batch_norm(x, None, None, gamma, beta, True, eps=eps)

    @staticmethod
    def backward(ctx, grad):
        inputs = [t.detach().requires_grad_() for t in ctx.saved_tensors]
        with torch.enable_grad():
            y = functional.batch_norm(inputs[0], None, None, *inputs[1:], True, eps=ctx.eps)
        return *torch.autograd.grad(y, inputs, grad), None, None  # one None too many is allowed


class ColumnByColumn(Function):
    @staticmethod
    def forward(ctx, x, gamma, beta, eps):
        y, ctx.hats, ctx.stds = torch.empty_like(x), torch.empty_like(x), []
        ctx.gamma = gamma
        for c in range(x.shape[1]):
            std = (x[:, c].var(correction=0) + eps) ** 0.5
            ctx.hats[:, c] = (x[:, c] - x[:, c].mean()) / std
            y[:, c] = gamma[c] * ctx.hats[:, c] + beta[c]
            ctx.stds.append(std)
        return y

    @staticmethod
    def backward(ctx, grad):
        dx = torch.zeros_like(grad)
        for c, (std, x_hat) in enumerate(zip(ctx.stds, ctx.hats.T, strict=True)):
            g = ctx.gamma[c] * grad[:, c]
            dx[:, c] = (g - g.mean() - x_hat * (g @ x_hat) / len(g)) / std
        return dx, (grad * ctx.hats).sum(0), grad.sum(0), None


class JacobianPerFeature(Function):
    @staticmethod
    def forward(ctx, x, gamma, beta, eps):
        n = x.shape[0]
        centring = torch.eye(n, dtype=x.dtype, device=x.device) - 1 / n
        c = centring @ x
        r = ((c * c).sum(0) / n + eps) ** 0.5
        ctx.save_for_backward(c / r, r, gamma, centring)
        return ((c / r) * gamma + beta).to(x.dtype)

    @staticmethod
    def backward(ctx, grad):
        h, r, gamma, centring = ctx.saved_tensors
        n = h.shape[0]
        jac = centring[:, :, None] - h[:, None, :] * h[None, :, :] / n
        dx = torch.einsum("abc,bc->ac", jac, (grad * gamma / r).to(h.dtype))
        return dx, (grad * h).sum(0), grad.sum(0), None


RIGHT = [
    ByTheParameters,
    AsksWhatIsNeeded,
    KeptByHand,
    WithSetupContext,
    LetsAutogradDoIt,
    ColumnByColumn,
    JacobianPerFeature,
]


class VarianceAsItComes(Function):
    @staticmethod
    def forward(ctx, x, gamma, beta, eps):
        std = torch.sqrt(x.var(0) + eps)
        x_hat = (x - x.mean(0)) / std
        ctx.save_for_backward(x_hat, std, gamma)
        return gamma * x_hat + beta

    @staticmethod
    def backward(ctx, grad):
        x_hat, std, gamma = ctx.saved_tensors
        g = gamma * grad
        dx = (g - g.mean(0) - x_hat * (g * x_hat).mean(0)) / std
        return dx, (grad * x_hat).sum(0), grad.sum(0), None


class VarianceAsItComesBackwards(WithSetupContext):
    @staticmethod
    def backward(ctx, grad):
        x, gamma = ctx.saved_tensors
        std = torch.sqrt(x.var(0) + ctx.eps)
        x_hat = (x - x.mean(0)) / std
        dx = gamma / std * (grad - grad.mean(0) - x_hat * (grad * x_hat).mean(0))
        return dx, (grad * x_hat).sum(0), grad.sum(0), None


class NothingForEps(ByTheParameters):
    @staticmethod
    def backward(ctx, grad):
        return ByTheParameters.backward(ctx, grad)[:3]


class OnlyDx(ByTheParameters):
    @staticmethod
    def backward(ctx, grad):
        return ByTheParameters.backward(ctx, grad)[0]


class ZeroForEps(ByTheParameters):
    @staticmethod
    def backward(ctx, grad):
        return *ByTheParameters.backward(ctx, grad)[:3], torch.zeros(())


class NoneForBeta(ByTheParameters):
    @staticmethod
    def backward(ctx, grad):
        return *ByTheParameters.backward(ctx, grad)[:2], None, None


class NeedsCountedFromCtx(AsksWhatIsNeeded):
    @staticmethod
    def backward(ctx, grad):
        dx, dgamma, dbeta, _ = ByTheParameters.backward(_Saved(ctx), grad)
        needs = ctx.needs_input_grad
        return dx if needs[1] else None, dgamma if needs[2] else None, dbeta, None


class _Saved:
    def __init__(self, ctx):
        x, gamma = ctx.saved_tensors
        inv_std = (x.var(0, correction=0) + ctx.eps).rsqrt()
        self.saved_tensors = (x - x.mean(0)) * inv_std, inv_std, gamma


class StraightRoadOnly(ByTheParameters):
    @staticmethod
    def backward(ctx, grad):
        x_hat, inv_std, gamma = ctx.saved_tensors
        return grad * gamma * inv_std, (grad * x_hat).sum(0), grad.sum(0), None


class GammaForgotten(ByTheParameters):
    @staticmethod
    def backward(ctx, grad):
        x_hat, inv_std, _ = ctx.saved_tensors
        dx = inv_std * (grad - grad.mean(0) - x_hat * (grad * x_hat).mean(0))
        return dx, (grad * x_hat).sum(0), grad.sum(0), None


class NoReturn(ByTheParameters):
    @staticmethod
    def forward(ctx, x, gamma, beta, eps):
        ByTheParameters.forward(ctx, x, gamma, beta, eps)


class SumsOverFeatures(ByTheParameters):
    @staticmethod
    def backward(ctx, grad):
        x_hat, *_ = ctx.saved_tensors
        return ByTheParameters.backward(ctx, grad)[0], (grad * x_hat).sum(1), grad.sum(1), None


class InPlace(ByTheParameters):
    @staticmethod
    def forward(ctx, x, gamma, beta, eps):
        x -= x.mean(0)
        inv_std = (x.pow(2).mean(0) + eps).rsqrt()
        ctx.save_for_backward(x * inv_std, inv_std, gamma)
        return x * inv_std * gamma + beta


class ThroughNumPy(ByTheParameters):
    @staticmethod
    def backward(ctx, grad):
        return tuple(g.numpy() for g in ByTheParameters.backward(ctx, grad)[:3]) + (None,)


def a_plain_function(x, gamma, beta, eps):
    return functional.batch_norm(x, None, None, gamma, beta, training=True, eps=eps)


class KeptOnTheClass(Function):
    @staticmethod
    def forward(ctx, x, gamma, beta, eps):
        KeptOnTheClass.std = torch.sqrt(x.var(0, correction=0) + eps)
        KeptOnTheClass.x_hat = (x - x.mean(0)) / KeptOnTheClass.std
        ctx.save_for_backward(gamma)
        return gamma * KeptOnTheClass.x_hat + beta

    @staticmethod
    def backward(ctx, grad):
        g, x_hat = ctx.saved_tensors[0] * grad, KeptOnTheClass.x_hat
        dx = (g - g.mean(0) - x_hat * (g * x_hat).mean(0)) / KeptOnTheClass.std
        return dx, (grad * x_hat).sum(0), grad.sum(0), None


class UsedUp(Function):
    @staticmethod
    def forward(ctx, x, gamma, beta, eps):
        std = torch.sqrt(x.var(0, correction=0) + eps)
        ctx.cache = [gamma, std, (x - x.mean(0)) / std]
        return gamma * ctx.cache[2] + beta

    @staticmethod
    def backward(ctx, grad):
        x_hat, std, g = ctx.cache.pop(), ctx.cache.pop(), ctx.cache.pop() * grad
        dx = (g - g.mean(0) - x_hat * (g * x_hat).mean(0)) / std
        return dx, (grad * x_hat).sum(0), grad.sum(0), None


class SavedIsChanged(ByTheParameters):
    @staticmethod
    def backward(ctx, grad):
        x_hat, inv_std, gamma = ctx.saved_tensors
        g, dgamma = gamma * grad, (grad * x_hat).sum(0)
        x_hat *= (g * x_hat).mean(0)
        return (g - g.mean(0) - x_hat) * inv_std, dgamma, grad.sum(0), None


class NothingWithoutX(ByTheParameters):
    @staticmethod
    def backward(ctx, grad):
        if not ctx.needs_input_grad[0]:
            return None, None, None, None
        return ByTheParameters.backward(ctx, grad)


class BetaAsGamma(ByTheParameters):
    @staticmethod
    def backward(ctx, grad):
        dx, dgamma, dbeta, _ = ByTheParameters.backward(ctx, grad)
        affine = ctx.needs_input_grad[1]
        return dx, dgamma if affine else None, dbeta if affine else None, None


class Flattened(ByTheParameters):
    @staticmethod
    def backward(ctx, grad):
        return ByTheParameters.backward(ctx, grad.view(-1).view(len(grad), -1))


class SingleY(ByTheParameters):
    @staticmethod
    def forward(ctx, x, gamma, beta, eps):
        return ByTheParameters.forward(ctx, x, gamma, beta, eps).float()


class RowsForward(ByTheParameters):
    @staticmethod
    def forward(ctx, x, gamma, beta, eps):
        inv_std = (x.var(1, keepdim=True, correction=0) + eps).rsqrt()
        x_hat = (x - x.mean(1, keepdim=True)) * inv_std
        ctx.save_for_backward(x_hat, inv_std, gamma)
        return gamma * x_hat + beta


class ThreeFlags(ByTheParameters):
    @staticmethod
    def backward(ctx, grad):
        needs_x, needs_gamma, needs_beta = ctx.needs_input_grad
        dx, dgamma, dbeta, _ = StraightRoadOnly.backward(ctx, grad)
        needed = needs_x, needs_gamma, needs_beta
        found = zip((dx, dgamma, dbeta), needed, strict=True)
        return *(part if wanted else None for part, wanted in found), None


class NoneForBetaAndStraightRoad(ByTheParameters):
    @staticmethod
    def backward(ctx, grad):
        return *StraightRoadOnly.backward(ctx, grad)[:2], None, None


class NoReturnBackwards(ByTheParameters):
    @staticmethod
    def backward(ctx, grad):
        ByTheParameters.backward(ctx, grad)


class XHatFromTheOutput(Function):
    @staticmethod
    def forward(ctx, x, gamma, beta, eps):
        rstd = torch.rsqrt(x.var(0, unbiased=False) + eps)
        y = (gamma * (x - x.mean(0)) * rstd + beta).to(x.dtype)
        ctx.save_for_backward(y, gamma, beta, rstd)
        return y

    @staticmethod
    def backward(ctx, grad):
        y, gamma, beta, rstd = ctx.saved_tensors
        x_hat = (y - beta) / gamma
        dgamma = (grad * x_hat).sum(0)
        dbeta = grad.sum(0)
        n = len(grad)
        dx = gamma * rstd * (grad - dbeta / n - x_hat * dgamma / n)
        return dx, dgamma, dbeta, None


class EpsForgottenInBackward(Function):
    @staticmethod
    def forward(ctx, x, gamma, beta, eps):
        ctx.save_for_backward(x, gamma)
        std = torch.sqrt(x.var(0, unbiased=False) + eps)
        return (gamma * (x - x.mean(0)) / std + beta).to(x.dtype)

    @staticmethod
    def backward(ctx, grad):
        x, gamma = ctx.saved_tensors
        mean, std = x.mean(0), torch.sqrt(x.var(0, unbiased=False) + 1e-5)
        x_hat = (x - mean) / std
        g = grad * gamma
        dx = (g - g.mean(0) - x_hat * (g * x_hat).mean(0)) / std
        return dx, (grad * x_hat).sum(0), grad.sum(0), None


class DgammaWithTheOutputAndSums(Function):
    @staticmethod
    def forward(ctx, x, gamma, beta, eps):
        std = torch.sqrt(x.var(0, unbiased=False) + eps)
        x_hat = (x - x.mean(0)) / std
        y = (gamma * x_hat + beta).to(x.dtype)
        ctx.save_for_backward(x_hat, std, gamma, y)
        return y

    @staticmethod
    def backward(ctx, grad):
        x_hat, std, gamma, y = ctx.saved_tensors
        g = grad * gamma
        dx = (g - g.sum(0) - x_hat * (g * x_hat).sum(0)) / std
        return dx, (grad * y).sum(0), grad.sum(0), None


class HatInTheRoadByTheVariance(KeptByHand):
    @staticmethod
    def backward(ctx, dy):
        m, x_hat = dy.shape[0], ctx.d / ctx.std
        dx_hat = dy * ctx.gamma
        dvar = (dx_hat * x_hat).sum(0) * -0.5 / ctx.std**3
        dmean = -(dx_hat / ctx.std).sum(0)
        dx = dx_hat / ctx.std + dvar * 2 * ctx.d / m + dmean / m
        return dx, (dy * x_hat).sum(0), dy.sum(0), None


WRONG = [
    (ThreeFlags, {"three-flags-unpacked", "statistics-constant"}),
    (NoneForBetaAndStraightRoad, {"gradient-missing", "statistics-constant"}),
    (NoReturnBackwards, {"nothing-returned"}),
    (KeptOnTheClass, {"kept-on-class"}),
    (UsedUp, {"saved-used-up"}),
    (SavedIsChanged, {"saved-used-up"}),
    (NothingWithoutX, {"nothing-without-x"}),
    (BetaAsGamma, {"beta-as-gamma"}),
    (Flattened, {"raises"}),
    (SingleY, {"y-in-32-bits"}),
    (RowsForward, {"per-sample-forwards"}),
    (VarianceAsItComes, {"variance-of-torch"}),
    (VarianceAsItComesBackwards, {"variance-of-torch-backwards"}),
    (NothingForEps, {"wrong-number-of-gradients"}),
    (OnlyDx, {"only-dx-returned"}),
    (ZeroForEps, {"gradient-for-eps"}),
    (NoneForBeta, {"gradient-missing"}),
    (NeedsCountedFromCtx, {"flags-counted-from-ctx"}),
    (StraightRoadOnly, {"statistics-constant"}),
    (GammaForgotten, {"gamma-missing-in-dx"}),
    (NoReturn, {"output-none"}),
    (SumsOverFeatures, {"dgamma-over-features", "dbeta-over-features"}),
    (ThroughNumPy, None),
    (a_plain_function, {"raises"}),
    (functional.batch_norm, {"raises"}),
    (torch.nn.BatchNorm1d, {"raises"}),
    (XHatFromTheOutput, {"x-hat-from-y"}),
    (EpsForgottenInBackward, {"eps-ignored-backwards"}),
    (DgammaWithTheOutputAndSums, {"dgamma-with-y", "sums-for-means"}),
    (HatInTheRoadByTheVariance, {"x-hat-for-deviation"}),
]

# Right, and earning a remark.
UNWISE = [InPlace]
