"""Call the two areas m − d and m + d. Their mean is m, both squared deviations are d², and so the
standard deviation is d: the deviations −d and d become −1 and 1, whatever the areas are. With ε in
the root they come out a little smaller, and with two equal areas both are 0.
"""

d = 25  # half of the distance of the two areas, whatever it is
std = d
my_pair = (-d / std, d / std)
