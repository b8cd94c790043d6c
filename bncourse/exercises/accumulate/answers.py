"""Answers to the exercise as people write them: right ones in many styles, and wrong ones."""

import torch
from torch import nn
from torch.func import functional_call, grad
from torch.nn.functional import cross_entropy


def sums_divided_once(network, parts):
    for parameter in network.parameters():
        parameter.grad = None
    for images, labels in parts:
        cross_entropy(network(images), labels, reduction="sum").backward()
    n = sum(map(len, (labels for _, labels in parts)))
    return [parameter.grad / n for parameter in network.parameters()]


def without_touching_grad(network, parts):
    parameters, counts = tuple(network.parameters()), [len(images) for images, _ in parts]
    total = [torch.zeros_like(p) for p in parameters]
    for (images, labels), n in zip(parts, counts, strict=True):
        found = torch.autograd.grad(nn.CrossEntropyLoss()(network(images), labels), parameters)
        total = [t + n * g for t, g in zip(total, found, strict=True)]
    return tuple(t / sum(counts) for t in total)


def in_functions(network, parts):
    def loss(weights, x, y):
        return cross_entropy(functional_call(network, weights, (x,)), y, reduction="sum")

    weights, count = dict(network.named_parameters()), sum(len(y) for _, y in parts)
    found = [grad(loss)(weights, x, y) for x, y in parts]
    return [sum(one[name] for one in found).detach() / count for name in weights]


def running_mean(network, parts):
    seen, mean = 0, None
    for images, labels in parts:
        loss = cross_entropy(network(images), labels)
        found = torch.autograd.grad(loss, list(network.parameters()))
        seen += len(labels)
        step = len(labels) / seen
        mean = mean or [torch.zeros_like(g) for g in found]
        mean = [m + step * (g - m) for m, g in zip(mean, found, strict=True)]
    return mean


def by_name(network, parts):
    optimizer = torch.optim.SGD(network.parameters(), lr=0.1)
    optimizer.zero_grad()
    size = sum(y.numel() for _, y in parts)
    for x, y in parts:
        loss = -network(x).log_softmax(1).gather(1, y[:, None]).sum() / size
        loss.backward()
    return {name: p.grad.detach() for name, p in network.named_parameters()}


def image_by_image(network, parts):
    network.zero_grad()
    pairs = [pair for x, y in parts for pair in zip(x.split(1), y.split(1), strict=True)]
    for image, label in pairs:
        cross_entropy(network(image), label).div(len(pairs)).backward()
    return [p.grad for p in network.parameters()]


RIGHT = [
    sums_divided_once,
    without_touching_grad,
    in_functions,
    running_mean,
    by_name,
    image_by_image,
]


def collected(network):
    return [p.grad for p in network.parameters()]


def as_in_the_chapter(network, parts):
    network.zero_grad()
    for x, y in parts:
        (cross_entropy(network(x), y) / len(parts)).backward()
    return collected(network)


def added_up(network, parts):
    network.zero_grad()
    for x, y in parts:
        cross_entropy(network(x), y).backward()
    return collected(network)


def zero_grad_forgotten(network, parts):
    n = sum(len(y) for _, y in parts)
    for x, y in parts:
        (cross_entropy(network(x), y) * len(y) / n).backward()
    return collected(network)


def zero_grad_in_the_loop(network, parts):
    n = sum(len(y) for _, y in parts)
    for x, y in parts:
        network.zero_grad()
        (cross_entropy(network(x), y) * len(y) / n).backward()
    return collected(network)


def return_in_the_loop(network, parts):
    network.zero_grad()
    n = sum(len(y) for _, y in parts)
    for x, y in parts:
        (cross_entropy(network(x), y) * len(y) / n).backward()
        return collected(network)


def scaled_twice(network, parts):
    network.zero_grad()
    n = sum(len(y) for _, y in parts)
    for x, y in parts:
        (cross_entropy(network(x), y) * len(y) / n / len(parts)).backward()
    return collected(network)


def sums_never_divided(network, parts):
    network.zero_grad()
    for x, y in parts:
        cross_entropy(network(x), y, reduction="sum").backward()
    return collected(network)


def size_of_the_first_for_all(network, parts):
    network.zero_grad()
    n = len(parts) * len(parts[0][1])
    for x, y in parts:
        (cross_entropy(network(x), y, reduction="sum") / n).backward()
    return collected(network)


def everything_in_one_go(network, parts):
    network.zero_grad()
    x, y = torch.cat([x for x, _ in parts]), torch.cat([y for _, y in parts])
    cross_entropy(network(x), y).backward()
    return collected(network)


def one_backward_at_the_end(network, parts):
    losses = [cross_entropy(network(x), y, reduction="none") for x, y in parts]
    network.zero_grad(set_to_none=False)
    torch.cat(losses).mean().backward()
    return [p.grad for p in network.parameters()]


def weights_the_wrong_way(network, parts):
    n = sum(len(y) for _, y in parts)
    network.zero_grad(set_to_none=True)
    for x, y in parts:
        (cross_entropy(network(x), y) * n / len(y)).backward()
    return [p.grad / len(parts) for p in network.parameters()]


def probabilities_for_scores(network, parts):
    network.zero_grad()
    n = sum(len(y) for _, y in parts)
    for x, y in parts:
        (cross_entropy(network(x).softmax(1), y) * len(y) / n).backward()
    return collected(network)


def steps_in_between(network, parts):
    optimizer = torch.optim.SGD(network.parameters(), lr=0.1)
    optimizer.zero_grad()
    n = sum(len(y) for _, y in parts)
    for x, y in parts:
        (cross_entropy(network(x), y) * len(y) / n).backward()
        optimizer.step()
    return collected(network)


def steps_with_fresh_gradients(network, parts):
    n = sum(len(y) for _, y in parts)
    opt = torch.optim.SGD(network.parameters(), lr=0.1)
    total = [torch.zeros_like(p) for p in network.parameters()]
    for x, y in parts:
        opt.zero_grad()
        loss = cross_entropy(network(x), y)
        loss.backward()
        for t, p in zip(total, network.parameters(), strict=True):
            t += p.grad * len(y) / n
        opt.step()
    return total


def as_arrays(network, parts):
    return [g.numpy() for g in sums_divided_once(network, parts)]


def weights_only(network, parts):
    return sums_divided_once(network, parts)[::2]


def sum_of_a_part_weighed(network, parts):
    total = sum(len(y) for _, y in parts)
    network.zero_grad()
    for x, y in parts:
        (cross_entropy(network(x), y, reduction="sum") * len(y) / total).backward()
    return collected(network)


WRONG = [
    (as_in_the_chapter, {"parts-weigh-the-same"}),
    (added_up, {"parts-not-weighed"}),
    (zero_grad_forgotten, {"old-gradients-kept"}),
    (zero_grad_in_the_loop, {"parts-only-the-last"}),
    (return_in_the_loop, {"parts-only-the-first"}),
    (scaled_twice, {"parts-weighed-and-averaged"}),
    (sums_never_divided, {"parts-by-count"}),
    (size_of_the_first_for_all, {"parts-all-like-the-first"}),
    (everything_in_one_go, {"parts-all-at-once"}),
    (one_backward_at_the_end, {"parts-all-at-once"}),
    (weights_the_wrong_way, {"parts-weighed-inversely"}),
    (probabilities_for_scores, {"softmax-twice"}),
    (steps_in_between, {"steps-between-parts"}),
    (steps_with_fresh_gradients, {"steps-between-parts"}),
    (as_arrays, {"returns-array"}),
    (weights_only, {"wrong-count"}),
    (lambda network, parts: cross_entropy(network(parts[0][0]), parts[0][1]), {"wrong-count"}),
    (sum_of_a_part_weighed, {"parts-summed-and-weighed"}),
]
