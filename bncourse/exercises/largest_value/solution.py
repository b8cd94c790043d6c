"""One deviation is d, and the other N − 1 sum to −d. Of all numbers with that sum, equal ones
have the smallest sum of squares: each is −d/(N − 1), and together they give d²/(N − 1). So N σ² ≥
d² + d²/(N − 1) = d² N/(N − 1), that is, σ ≥ |d|/√(N − 1), and |x̂| = |d|/σ ≤ √(N − 1). The bound
is reached if all others are equal, whatever the numbers are. A feature that is 0 for all examples
but one is such a batch: that one comes out with √(N − 1), however small it was (as long as its
square is well above ε).
"""

my_batch = [1, 0, 0, 0, 0]
