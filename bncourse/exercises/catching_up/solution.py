"""If each step keeps k of the old value, kⁿ of the initial one is left after n steps. That falls
below 1/20 where n is larger than log 20/−log k: with `0.99` at 299 steps, nearly ten epochs. With
`0.9` it takes 29, not quite one epoch. A likely reason why the accuracy is restored earlier: what
counts is which score is the largest, and a variance that is off by about the same factor for all
features leaves the order of the scores nearly as it is.
"""

import math

left = 1 / 20
first = math.log(left) / math.log(0.99)
second = math.log(left) / math.log(0.9)
first_steps = math.ceil(first)
second_steps = math.ceil(second)
my_steps = (first_steps, second_steps)
