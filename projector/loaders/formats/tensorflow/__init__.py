"""TensorFlow checkpoints and event files."""
