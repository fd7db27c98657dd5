"""Numerical methods, arrays to arrays: neighbors, projections and their quality.

Opens no files, starts no threads, prints nothing. Importing this package loads numpy and nothing
heavier: compiled kernels and libraries come with the first run that needs them.
"""

from __future__ import annotations

from projector.compute.linear.axes import AXES
from projector.compute.linear.given_dimensions import GIVEN
from projector.compute.linear.pca import PCA
from projector.compute.method import Method, MethodInput, Outcome
from projector.compute.plugin_method import plugin_method
from projector.compute.tsne.tsne import TSNE
from projector.compute.umap.umap import UMAP
from projector.plugins.registry import Registry

#: Every method by name, those of plug-ins last. The page, the command line and the API are
#: generated from it.
METHODS: Registry[Method] = Registry(
    "method", ((each.name, each) for each in (PCA, TSNE, UMAP, AXES, GIVEN)), plugin_method
)

__all__ = ["METHODS", "Method", "MethodInput", "Outcome"]
