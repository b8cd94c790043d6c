"""The three `Dense` layers have 784·256 + 256, 256·256 + 256 and 256·10 + 10 numbers, all
trained. Each batch norm has 256 features: γ and β are trained; the moving mean and the moving
variance are not, but they are saved with the model, and evaluation needs them.
"""

first = 784 * 256 + 256
second = 256 * 256 + 256
last = 256 * 10 + 10
features = 256 + 256
gamma_and_beta = 2 * features
trained = first + second + last + gamma_and_beta
not_trained = 2 * features
my_counts = (trained, not_trained)
