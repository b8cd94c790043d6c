"""What several tasks are made of: computations with switches, inputs, small networks."""
