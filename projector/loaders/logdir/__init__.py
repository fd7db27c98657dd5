"""A log directory: walking it, finding embeddings and their companions, loading them."""
