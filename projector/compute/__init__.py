"""Arrays to arrays: neighbors, projections and their quality.

No files, no threads of its own, nothing printed. Importing this package loads numpy and nothing
heavier: compiled kernels and libraries come with the first run that needs them.
"""

from __future__ import annotations

from projector.compute.axes import AXES
from projector.compute.given_dimensions import GIVEN
from projector.compute.method import Method, Outcome
from projector.compute.pca import PCA
from projector.compute.tsne import TSNE
from projector.compute.umap import UMAP

#: Every method by name; the page, the command line and the API offer exactly these.
METHODS: dict[str, Method] = {each.name: each for each in (PCA, TSNE, UMAP, AXES, GIVEN)}

__all__ = ["METHODS", "Method", "Outcome"]
