"""PCA, t-SNE and UMAP as scikit-learn estimators, for pipelines and grid searches.

Importing this package imports scikit-learn; `projector.PCA`, `projector.TSNE` and
`projector.UMAP` do so when they are first used.
"""

from __future__ import annotations

from projector.api.estimators.base import MethodEstimator
from projector.api.estimators.pca import PCA
from projector.api.estimators.tsne import TSNE
from projector.api.estimators.umap import UMAP

__all__ = ["PCA", "TSNE", "UMAP", "MethodEstimator"]
