"""Another ε than the one the network was trained with."""

from bncourse.troubleshooting.measured import above


def measure(exam):
    """Return by how much another ε changes the scale of each norm's outputs; the median."""
    for norm, other in exam.beside.norms:
        ratio = ((norm.var + other.eps) / (norm.var + norm.eps)).sqrt()
        value = float((ratio - 1).abs().median())
        yield above(norm.name, value, 0.01, norm.eps != other.eps, eps=norm.eps, other=other.eps)
