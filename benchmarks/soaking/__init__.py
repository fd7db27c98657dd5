"""The parts of the soak: a server on a small disk, data with known answers, and its clients."""
