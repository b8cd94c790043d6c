"""Answers to the exercise as people give them."""

from fractions import Fraction

import numpy as np

RIGHT = [
    (270346, 1024),
    [270_346.0, 1024.0],
    np.array([270346, 1024]),
    (np.int64(271370 - 1024), 2 * 256 * 2),
    (Fraction(270346), 2**10),
    {"trained": 270346, "not trained": 1024},
]
WRONG = [
    ((270336, 1024), {"last-bias-forgotten"}),
    ((270346, 1026), {"counters-counted"}),
    ((269834, 1024), {"one-trained-for-each-feature"}),
    ((204554, 1024), {"second-dense-forgotten"}),
    ((271370, 0), {"moving-statistics-trained"}),
    ((270346, 0), {"moving-statistics-forgotten"}),
    ((271370, 1024), {"moving-statistics-added"}),
    ((1024, 270346), {"counts-swapped"}),
    ((269322, 1024), {"gamma-and-beta-not-counted"}),
    ((269824, 1024), {"biases-forgotten"}),
    ((269834, 512), {"one-norm-counted"}),
    ((270346, 512), {"one-kept-for-each-feature"}),
    ((269326, 4), {"one-pair-for-a-layer"}),
    ((270346, 541718), {"optimizer-counted"}),
    ((269322, 0), {"norms-forgotten"}),
    ((271370, 1025), None),
    ((270000, 1000), None),
    (271370, {"wrong-count"}),
    ((270346, "none"), {"not-numbers"}),
    ((269322, 2048), {"gamma-and-beta-kept"}),
    ((268800, 2048), {"biases-forgotten", "gamma-and-beta-kept"}),
    ((270346, 541716), {"optimizer-counted"}),
    ((336650, 1536), {"three-hidden-layers-counted"}),
    ((269326, 1024), {"one-pair-for-a-layer"}),
    ((268800, 0), {"biases-forgotten", "norms-forgotten"}),
]
