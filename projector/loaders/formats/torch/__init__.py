"""PyTorch checkpoints, read without executing pickled code."""
