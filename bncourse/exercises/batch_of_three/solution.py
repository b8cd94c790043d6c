"""Two directions go: (1, 1, 1), and x̂, which is a multiple of the deviations (−2, −1, 3).
Orthogonal to both is (4, −5, 1): the sum is 0, and so is −8 + 5 + 3. Whatever g is, ∂L/∂x is a
multiple of it, and the loss has one thing to say to three values: how far the middle one should
be from the line between the others.
"""

my_direction = (4, -5, 1)
