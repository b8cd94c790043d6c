"""What several trials are made of: inputs, and small networks."""
