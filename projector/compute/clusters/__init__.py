"""Clusters: HDBSCAN's hierarchy on the neighbor graph, and what distinguishes each of them."""
