"""Evaluation mode makes each image independent of its neighbours, and holds the running statistics;
`no_grad` does neither, it only saves the graph. A mode belongs to every module by itself, so each
is noted and put back. Working on a `deepcopy` in evaluation mode would do as well.
"""

import torch


def my_scores(network, x, batch_size):
    found = {module: module.training for module in network.modules()}
    network.eval()
    batches = x.split(batch_size)
    with torch.no_grad():
        scores = torch.cat([network(batch) for batch in batches])
    for module, training in found.items():
        module.training = training
    return scores
