"""Model solutions: for each exercise an explanation, and the code that passes its check."""
