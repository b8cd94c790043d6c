"""Standardizing tensors with switches, among them what the gradient takes for a constant."""

SPREADS = {
    "root": lambda var, eps: (var + eps).sqrt(),
    "root-without-eps": lambda var, eps: var.sqrt(),
    "eps-outside": lambda var, eps: var.sqrt() + eps,
    "variance": lambda var, eps: var + eps,
}
AFFINE = {
    "both": lambda x_hat, gamma, beta: gamma * x_hat + beta,
    "without-gamma": lambda x_hat, gamma, beta: x_hat + beta,
    "without-beta": lambda x_hat, gamma, beta: gamma * x_hat,
    "without-both": lambda x_hat, gamma, beta: x_hat,
    "scaled-beta": lambda x_hat, gamma, beta: gamma * (x_hat + beta),
    "swapped": lambda x_hat, gamma, beta: beta * x_hat + gamma,
    "gamma-constant": lambda x_hat, gamma, beta: gamma.detach() * x_hat + beta,
    "beta-constant": lambda x_hat, gamma, beta: gamma * x_hat + beta.detach(),
    "constant": lambda x_hat, gamma, beta: gamma.detach() * x_hat + beta.detach(),
}
# What the gradient takes for a constant: the first is right.
CONSTANT = {
    "nothing": (),
    "statistics": ("mean", "var"),
    "mean": ("mean",),
    "variance": ("var",),
    "x": ("x",),
    "x-hat": ("x_hat",),
    "output": ("y",),
}
