"""The tasks: for each exercise, the right answer with its switches, and the probes."""
