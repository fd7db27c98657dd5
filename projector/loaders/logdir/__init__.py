"""Log directories: walking them, finding embeddings and their companions, loading them."""
