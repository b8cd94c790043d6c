"""Without the gradient the formula reads ‖w‖² → (1 − ηλ)² ‖w‖², so the length is multiplied by 1
− ηλ: a step takes the share ηλ. After n steps (1 − ηλ)ⁿ is left; that is a half at n = log
2/−log(1 − ηλ), or about log 2/(ηλ). With the chapter's rate of `0.5` and decay of `0.01` these
are 138 steps, some four epochs of the chapter's networks. The arm that starts with twice the
weights takes longer to reach its angle: in these epochs the gradient becomes smaller too, as the
loss falls. With usual values, ηλ of 10⁻⁵, say, the length is remembered for many thousands of
steps: until then weight decay hardly matters.
"""

import math


def my_memory(learning_rate, weight_decay):
    share = learning_rate * weight_decay
    steps = math.log(2) / -math.log(1 - share)
    return share, steps
