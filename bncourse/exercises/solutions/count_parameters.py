"""The three `Dense` layers have 784·256 + 256, 256·256 + 256 and 256·10 + 10 numbers, all
trained. Each batch norm has 256 features: γ and β are trained; the moving mean and the moving
variance are not, but they are saved with the model, and evaluation needs them.
"""

dense = (784 * 256 + 256) + (256 * 256 + 256) + (256 * 10 + 10)
features = 256 + 256
my_counts = (dense + 2 * features, 2 * features)
