"""Answers to the lab as people write them: right ones in many styles, and wrong ones."""

from copy import deepcopy

import torch
from torch import nn
from torch.nn.functional import cross_entropy, log_softmax, nll_loss


def loop(parameters, forward, batches, learning_rate, before_step=lambda: None):
    optimizer = torch.optim.SGD(parameters, lr=learning_rate)
    for x, y in batches:
        before_step()
        optimizer.zero_grad()
        cross_entropy(forward(x), y).backward()
        optimizer.step()


def body_without_gradients(body, head, batches, learning_rate):
    body.eval()
    head.train()

    def forward(x):
        with torch.no_grad():
            z = body(x)
        return head(z)

    loop(head.parameters(), forward, batches, learning_rate)


def in_every_step(body, head, batches, learning_rate):
    network = nn.Sequential(body, head)

    def modes():
        network.train()
        body.eval()

    for p in body.parameters():
        p.requires_grad = False
    trained = [p for p in network.parameters() if p.requires_grad]
    loop(trained, network, batches, learning_rate, modes)


def features_first(body, head, batches, learning_rate):
    copy = deepcopy(body).eval()
    with torch.no_grad():
        features = [(copy(x), y) for x, y in batches]
    loop(head.train().parameters(), head, features, learning_rate)


def by_hand(body, head, batches, learning_rate):
    body.eval()
    head.train()
    for x, y in batches:
        loss = nll_loss(log_softmax(head(body(x).detach()), 1), y)
        grads = torch.autograd.grad(loss, list(head.parameters()))
        with torch.no_grad():
            for p, g in zip(head.parameters(), grads, strict=True):
                p -= learning_rate * g


def through_a_hook(body, head, batches, learning_rate):
    body.train(False)
    head.train(True)
    body.requires_grad_(False)
    everything = [*body.parameters(), *head.parameters()]
    loop(everything, lambda x: head(body(x)), batches, learning_rate)
    return head


RIGHT = [body_without_gradients, in_every_step, features_first, by_hand, through_a_hook]


def requires_grad_alone(body, head, batches, learning_rate):
    body.requires_grad_(False)
    body.train()
    head.train()
    loop(head.parameters(), lambda x: head(body(x)), batches, learning_rate)


def eval_taken_back(body, head, batches, learning_rate):
    network = nn.Sequential(body, head)
    body.requires_grad_(False)
    body.eval()
    loop(head.parameters(), network, batches, learning_rate, network.train)


def everything_in_evaluation(body, head, batches, learning_rate):
    network = nn.Sequential(body, head).eval()
    body.requires_grad_(False)
    loop(head.parameters(), network, batches, learning_rate)


def eval_alone(body, head, batches, learning_rate):
    network = nn.Sequential(body, head).train()
    body.eval()
    loop(network.parameters(), network, batches, learning_rate)


def put_back(body, head, batches, learning_rate):
    kept = deepcopy(body.state_dict())
    nn.Sequential(body, head).train()
    loop(head.parameters(), lambda x: head(body(x)), batches, learning_rate)
    body.load_state_dict(kept)


def momentum_zero(body, head, batches, learning_rate):
    for module in body.modules():
        if isinstance(module, nn.BatchNorm1d):
            module.momentum = 0.0
    nn.Sequential(body, head).train()
    loop(head.parameters(), lambda x: head(body(x)), batches, learning_rate)


def norms_frozen(body, head, batches, learning_rate):
    head.train()
    body.train()
    for module in body.modules():
        if isinstance(module, nn.BatchNorm1d):
            module.requires_grad_(False)
            module.eval()
    trained = [p for p in [*body.parameters(), *head.parameters()] if p.requires_grad]
    loop(trained, lambda x: head(body(x)), batches, learning_rate)


def one_norm(body, head, batches, learning_rate):
    head.train()
    body.train()[1].eval()
    loop(head.parameters(), lambda x: head(body(x)), batches, learning_rate)


def never_zeroed(body, head, batches, learning_rate):
    body.eval()
    head.train()
    optimizer = torch.optim.SGD(head.parameters(), learning_rate)
    for x, y in batches:
        cross_entropy(head(body(x)), y).backward()
        optimizer.step()


def no_grad_for_all(body, head, batches, learning_rate):
    body.eval()
    head.train()
    with torch.no_grad():
        loop(head.parameters(), lambda x: head(body(x)), batches, learning_rate)


def everything_frozen(body, head, batches, learning_rate):
    network = nn.Sequential(body, head)
    network.requires_grad_(False)
    loop(network.parameters(), network, batches, learning_rate)


def does_nothing(body, head, batches, learning_rate):
    body.eval()


def body_as_it_comes(body, head, batches, learning_rate):
    body.requires_grad_(False)
    head.train()
    loop(head.parameters(), lambda x: head(body(x)), batches, learning_rate)


def head_as_it_comes(body, head, batches, learning_rate):
    body.eval()
    loop(head.parameters(), lambda x: head(body(x)), batches, learning_rate)


def only_the_norms(body, head, batches, learning_rate):
    head.train()
    body.train().requires_grad_(False)
    for module in body.modules():
        if isinstance(module, nn.BatchNorm1d):
            module.eval()
    loop(head.parameters(), lambda x: head(body(x)), batches, learning_rate)


def trains_a_copy(body, head, batches, learning_rate):
    head = deepcopy(head)
    body_without_gradients(body, head, batches, learning_rate)
    return head


def softmax_first(body, head, batches, learning_rate):
    body.eval()
    head.train()
    loop(head.parameters(), lambda x: head(body(x)).softmax(1), batches, learning_rate)


def with_steps(body, head, batches, optimizer, loss=cross_entropy):
    body.eval()
    head.train()
    for x, y in batches:
        optimizer.zero_grad()
        loss(head(body(x)), y).backward()
        optimizer.step()


def summed(body, head, batches, learning_rate):
    optimizer = torch.optim.SGD(head.parameters(), learning_rate)
    with_steps(body, head, batches, optimizer, nn.CrossEntropyLoss(reduction="sum"))


def adam(body, head, batches, learning_rate):
    with_steps(body, head, batches, torch.optim.Adam(head.parameters(), lr=learning_rate))


def two_passes(body, head, batches, learning_rate):
    for _ in range(2):
        body_without_gradients(body, head, batches, learning_rate)


def one_step(body, head, batches, learning_rate):
    body.eval()
    head.train()
    optimizer = torch.optim.SGD(head.parameters(), learning_rate)
    for x, y in batches:
        cross_entropy(head(body(x)), y).backward()
    optimizer.step()


def no_step(body, head, batches, learning_rate):
    body.eval()
    head.train()
    for x, y in batches:
        cross_entropy(head(body(x)), y).backward()


def with_momentum_and_decay(body, head, batches, learning_rate):
    how = {"lr": learning_rate, "momentum": 0.9, "weight_decay": 5e-4}
    with_steps(body, head, batches, torch.optim.SGD(head.parameters(), **how))


def one_step_for_the_whole_pass(body, head, batches, learning_rate):
    body.eval()
    head.train()
    opt = torch.optim.SGD(head.parameters(), lr=learning_rate)
    opt.zero_grad()
    for x, y in batches:
        with torch.no_grad():
            z = body(x)
        (cross_entropy(head(z), y) / len(batches)).backward()
    opt.step()


def the_usual_rate(body, head, batches, learning_rate):
    with_steps(body, head, batches, torch.optim.SGD(head.parameters(), lr=0.01))


def half_the_rate(body, head, batches, learning_rate):
    body_without_gradients(body, head, batches, learning_rate / 2)


WRONG = [
    (requires_grad_alone, {"frozen-statistics-move"}),
    (eval_taken_back, {"frozen-statistics-move"}),
    (everything_in_evaluation, {"frozen-head-in-evaluation"}),
    (eval_alone, {"frozen-weights-trained"}),
    (put_back, {"frozen-normalized-by-the-batch"}),
    (momentum_zero, {"frozen-normalized-by-the-batch"}),
    (norms_frozen, {"frozen-norms-alone", "frozen-linear-layers-trained"}),
    (one_norm, {"frozen-first-norm-alone"}),
    (never_zeroed, {"frozen-gradients-pile-up"}),
    (no_grad_for_all, {"raises-at"}),
    (everything_frozen, {"raises-at"}),
    (does_nothing, None),
    (body_as_it_comes, {"frozen-body-as-found"}),
    (head_as_it_comes, {"frozen-head-as-found"}),
    (only_the_norms, {"frozen-norms-alone"}),
    (trains_a_copy, {"frozen-head-copied"}),
    (softmax_first, {"frozen-loss-of-softmax"}),
    (summed, {"frozen-loss-summed"}),
    (two_passes, {"frozen-two-passes"}),
    (adam, {"frozen-with-adam"}),
    (one_step, {"frozen-stepped-once"}),
    (with_momentum_and_decay, {"frozen-with-momentum"}),
    (one_step_for_the_whole_pass, {"frozen-stepped-once"}),
    (the_usual_rate, {"frozen-rate-fixed"}),
    (no_step, {"frozen-never-stepped"}),
    (half_the_rate, None),
]
