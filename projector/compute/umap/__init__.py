"""UMAP: fuzzy neighbor graph, spectral start and layout."""
