"""Parameters are held by not training them, running statistics by evaluation mode: two things, and
both are needed. `body.eval()` comes after the last `train()`. The head is new, and stays in
training mode: its batch norm has to learn about its inputs.
"""

import torch
from torch.nn.functional import cross_entropy


def my_fine_tune(body, head, batches, learning_rate):
    body.requires_grad_(False)
    body.eval()
    head.train()
    trained = head.parameters()
    optimizer = torch.optim.SGD(trained, learning_rate)
    for x, y in batches:
        optimizer.zero_grad()
        scores = head(body(x))
        loss = cross_entropy(scores, y)
        loss.backward()
        optimizer.step()
