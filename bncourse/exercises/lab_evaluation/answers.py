"""Answers to the lab as people write them: right ones in many styles, and wrong ones."""

from copy import deepcopy

import torch
from torch import nn


def with_a_copy(network, x, batch_size):
    copy = deepcopy(network).eval()
    with torch.no_grad():
        return torch.cat([copy(part) for part in torch.split(x, batch_size)])


def with_finally(network, x, batch_size):
    modes = [(m, m.training) for m in network.modules()]
    try:
        network.train(False)
        with torch.inference_mode():
            rows = []
            for start in range(0, len(x), batch_size):
                rows.extend(network(x[start : start + batch_size]))
            return torch.stack(rows)
    finally:
        for module, mode in modes:
            module.training = mode


@torch.no_grad()
def decorated(network, x, batch_size):
    was = [m.training for m in network.modules()]
    for m in network.modules():
        m.training = False
    out = network(x)
    for m, mode in zip(network.modules(), was, strict=True):
        m.training = mode
    return out


def detached(network, x, batch_size):
    named = {name: m.training for name, m in network.named_modules()}
    network.eval()
    scores = [network(part).detach() for part in x.split(batch_size)]
    for name, m in network.named_modules():
        m.train(named[name])  # parents come before their children
    return torch.vstack(scores)


def with_a_loader(network, x, batch_size):
    copy = deepcopy(network)
    copy.eval()
    out = torch.empty(0)
    for part in torch.utils.data.DataLoader(x, batch_size=batch_size):
        with torch.no_grad():
            out = torch.cat([out, copy(part)])
    return out


RIGHT = [with_a_copy, with_finally, decorated, detached, with_a_loader]


def no_grad_alone(network, x, batch_size):
    with torch.no_grad():
        return torch.cat([network(part) for part in x.split(batch_size)])


def flag_on_top(network, x, batch_size):
    was = network.training
    network.training = False
    with torch.no_grad():
        scores = torch.cat([network(part) for part in x.split(batch_size)])
    network.training = was
    return scores


def never_restored(network, x, batch_size):
    network.eval()
    with torch.no_grad():
        return torch.cat([network(part) for part in x.split(batch_size)])


def train_again(network, x, batch_size):
    network.eval()
    with torch.no_grad():
        scores = torch.cat([network(part) for part in x.split(batch_size)])
    network.train()
    return scores


def restores_the_top(network, x, batch_size):
    was = network.training
    network.eval()
    with torch.no_grad():
        scores = torch.cat([network(part) for part in x.split(batch_size)])
    network.train(was)
    return scores


def only_the_norms(network, x, batch_size):
    norms = {m: m.training for m in network.modules() if isinstance(m, nn.BatchNorm1d)}
    for norm in norms:
        norm.eval()
    with torch.no_grad():
        scores = torch.cat([network(part) for part in x.split(batch_size)])
    for norm, mode in norms.items():
        norm.train(mode)
    return scores


def momentum_zero(network, x, batch_size):
    norms = {m: m.momentum for m in network.modules() if isinstance(m, nn.BatchNorm1d)}
    for norm in norms:
        norm.momentum = 0.0
    with torch.no_grad():
        scores = torch.cat([network(part) for part in x.split(batch_size)])
    for norm, momentum in norms.items():
        norm.momentum = momentum
    return scores


def copied_and_not_set(network, x, batch_size):
    copy = deepcopy(network)
    with torch.no_grad():
        return torch.cat([copy(part) for part in x.split(batch_size)])


def without_no_grad(network, x, batch_size):
    copy = deepcopy(network).eval()
    return torch.cat([copy(part) for part in x.split(batch_size)])


def switched_off(network, x, batch_size):
    torch.set_grad_enabled(False)
    copy = deepcopy(network).eval()
    return torch.cat([copy(part) for part in x.split(batch_size)])


def whole_batches(network, x, batch_size):
    copy, scores = deepcopy(network).eval(), []
    with torch.no_grad():
        for k in range(len(x) // batch_size):
            scores.append(copy(x[k * batch_size : (k + 1) * batch_size]))
    return torch.cat(scores)


def eval_without_a_call(network, x, batch_size):
    network.eval  # noqa: B018
    return no_grad_alone(network, x, batch_size)


def forgets_twice(network, x, batch_size):
    network.eval()
    return torch.cat([network(part) for part in x.split(batch_size)])


def a_list(network, x, batch_size):
    return with_a_copy(network, x, batch_size).tolist()[:3]


def an_array(network, x, batch_size):
    return with_a_copy(network, x, batch_size).numpy()


def nothing(network, x, batch_size):
    network.eval()
    network(x)


def classes(network, x, batch_size):
    return with_a_copy(network, x, batch_size).argmax(1)


def modes_of(network):
    return [(m, m.training) for m in network.modules()]


def put_back(modes):
    for module, mode in modes:
        module.training = mode


def with_requires_grad(network, x, batch_size):
    modes = modes_of(network)
    network.eval().requires_grad_(False)
    scores = torch.cat([network(part) for part in x.split(batch_size)])
    put_back(modes)
    return scores


def with_requires_grad_and_back(network, x, batch_size):
    scores = with_requires_grad(network, x, batch_size)
    network.requires_grad_(True)
    return scores


def modes_of_the_children(network, x, batch_size):
    modes = [(network, network.training), *((m, m.training) for m in network.children())]
    scores = never_restored(network, x, batch_size)
    put_back(modes)
    return scores


def modes_of_the_norms(network, x, batch_size):
    modes = [(m, mode) for m, mode in modes_of(network) if isinstance(m, nn.BatchNorm1d)]
    scores = train_again(network, x, batch_size)
    put_back(modes)
    return scores


def softmax(network, x, batch_size):
    return with_a_copy(network, x, batch_size).softmax(dim=-1)


def shuffled(network, x, batch_size):
    loader = torch.utils.data.DataLoader(x, batch_size=batch_size, shuffle=True)
    return torch.cat([with_a_copy(network, part, batch_size) for part in loader])


def list_of_batches(network, x, batch_size):
    return list(with_a_copy(network, x, batch_size).split(batch_size))


def normalised_by_hand(network, x, batch_size):
    print("mean of x:", float(x.mean()))
    return with_a_copy(network, (x - x.mean(0)) / x.std(0), batch_size)


WRONG = [
    (no_grad_alone, {"eval-forgotten"}),
    (flag_on_top, {"eval-forgotten"}),
    (never_restored, {"mode-not-restored"}),
    (train_again, {"always-training-afterwards"}),
    (restores_the_top, {"one-mode-for-all-modules"}),
    (only_the_norms, {"only-norms-in-evaluation"}),
    (momentum_zero, {"batch-statistics-without-moving"}),
    (copied_and_not_set, {"batch-statistics-without-moving"}),
    (without_no_grad, {"scores-carry-a-graph"}),
    (switched_off, {"gradients-left-off"}),
    (whole_batches, {"last-scores-missing"}),
    (eval_without_a_call, {"eval-forgotten"}),
    (forgets_twice, {"mode-not-restored", "scores-carry-a-graph"}),
    (a_list, {"wrong-kind"}),
    (with_requires_grad, {"parameters-left-held"}),
    (with_requires_grad_and_back, {"parameters-all-released"}),
    (modes_of_the_children, {"modes-of-children-alone"}),
    (modes_of_the_norms, {"all-but-norms-in-training"}),
    (softmax, {"softmax-of-the-scores"}),
    (shuffled, {"rows-in-order"}),
    (list_of_batches, {"wrong-kind"}),
    (an_array, {"returns-array"}),
    (nothing, {"returns-none"}),
    (classes, None),
    (normalised_by_hand, None),
]
