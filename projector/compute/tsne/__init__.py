"""t-SNE with an interpolated repulsive field."""
