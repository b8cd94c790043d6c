"""What moves after each half-measure: the table, and that it is a pure function."""

import random

import numpy as np
import torch

from bncourse.finetuning import Moved, what_moves, what_moves_in_keras

BOTH = "requires_grad=False and eval()"


def test_half_measures_in_pytorch(namespace):
    assert what_moves(namespace=namespace) == [
        Moved("nothing", statistics=True, gamma=True, beta=True, weights=True),
        Moved("requires_grad=False", True, False, False, True),
        Moved("eval()", False, True, True, True),
        Moved("eval(), then model.train()", True, True, True, True),
        Moved(BOTH, False, False, False, True),
        Moved(f"{BOTH}, then model.train()", True, False, False, True),
        Moved(f"{BOTH}, gradients of 0, momentum left over", False, True, True, True),
        Moved(f"{BOTH}, gradients of 0, weight decay", False, True, True, True),
        Moved("freeze(), then all of this", False, False, False, True),
    ]


def test_half_measures_in_keras(keras):
    assert what_moves_in_keras() == [
        Moved("nothing", statistics=True, gamma=True, beta=True, weights=True),
        Moved("trainable=False", False, False, False, True),
        Moved("training=False, in call() of a subclass", False, True, True, True),
        Moved("training=False, in a functional model", True, True, True, True),
    ]


def test_without_a_step_nothing_moves():
    assert all(not (row.statistics or row.gamma or row.beta or row.weights)
               for row in what_moves(steps=0))  # fmt: skip


def test_one_step_is_enough_to_tell(keras):
    assert what_moves(steps=1) == what_moves(steps=3)
    assert what_moves_in_keras(steps=1) == what_moves_in_keras(steps=3)


def test_the_random_numbers_of_the_caller_go_on_as_before(keras):
    def drawn():
        return torch.rand(3).tolist(), np.random.random(3).tolist(), random.random()

    results = []
    for measure in (lambda: None, what_moves, what_moves_in_keras):
        torch.manual_seed(1)
        np.random.seed(1)
        random.seed(1)
        measure()
        results.append(drawn())
    assert results[0] == results[1] == results[2]
