"""The derivation does not ask what the values of a pool are. So the line stays, with means over
each row in place of each column. Now ∂L/∂x is orthogonal, in each row, to the vector of ones and
(up to ε) to x̂. A bias before the layer adds different numbers within a row, so the layer feels
it: it is not dead weight. Only the mean of the bias over its features is.
"""


def my_row_backward(g, x_hat, std):
    along_ones = g.mean(axis=1, keepdims=True)
    length = (g * x_hat).mean(axis=1, keepdims=True)
    along_x_hat = x_hat * length
    return (g - along_ones - along_x_hat) / std[:, None]
