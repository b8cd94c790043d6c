"""A step of cδ from c·w leads to the same loss as a step of δ from w. So what changes the loss by
as much is c times as long, and the gradient is 1/c of what it was. The effective rate is η/‖w‖²,
and at c·w the denominator has grown by c². To train alike, η has to grow by c²: a factor c for
the longer step, and a factor c for the smaller gradient.
"""

def my_rescaled(w, grad, learning_rate, c):
    gradient = grad / c
    longer = c * w
    squared_length = longer @ longer
    effective_rate = learning_rate / squared_length
    return gradient, effective_rate
