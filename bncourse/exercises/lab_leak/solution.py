"""All samples are shuffled, images and labels alike, and then dealt. Now each share is a small
picture of the whole, and what a pool has in common says nothing about the class of one image.
"""

import torch


def my_shares(x, y, workers):
    order = torch.randperm(len(x))
    shares = order.tensor_split(workers)
    return [(x[share], y[share]) for share in shares]
