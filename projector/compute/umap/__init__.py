"""UMAP: fuzzy neighbor graph, spectral initialization and layout."""
