"""The first entry that is at least the target is the one to find; `argmax` of an array of truth
values gives the first that is true. It gives 0 as well if none is, so that has to be asked
separately. The entry 0 was measured after one epoch, so one is added.

Why nan and not the last epoch? A run that never gets there is not one that gets there at the
end. The chapter counts it as if it were, in favour of the slower arm, and says so.
"""

def my_epochs(accuracy, target):
    reached = accuracy >= target
    entry = reached.argmax()
    epochs = entry + 1
    return epochs if reached.any() else float("nan")
