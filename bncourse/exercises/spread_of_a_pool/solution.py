"""The mean of N independent values is off by the spread over √N. The dense layer has 25 values of
each feature, one an image: 1/√25, a fifth. The convolution has 9 · 4 · 4 = 144 values of each
channel: 1/12. For an error of `0.025`, √N must be 40, and N is 1600: for an eighth of the error it
takes 64 times as many images.

Positions of one image that tend to be bright together make 144 values worth fewer than that, and
the error larger. The first figure shows nothing of it, for in the digits neighbouring positions are
alike and distant ones rather opposite: a digit has about as much ink wherever it has it. In the
mean over all positions the two nearly cancel.
"""

dense_values = 25
convolution_values = 9 * 4 * 4
dense = dense_values**-0.5
convolution = convolution_values**-0.5
images = 0.025**-2
my_errors = (dense, convolution, images)
