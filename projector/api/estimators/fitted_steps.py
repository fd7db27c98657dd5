"""Preprocessing of new points by what was measured on the fitted ones."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from projector.compute.common_parameters import whole
from projector.compute.linear.components import PrincipalComponents, principal_components
from projector.compute.preprocess import PREPROCESSING, preprocess, sparse_deviation
from projector.model.parameters import Value
from projector.model.sparse_rows import as_held, sparse_of, sparse_rows
from projector.typing import AnyArray, Vectors


class FittedSteps:
    """The steps that were taken on fitted vectors, for new ones.

    Attributes
    ----------
    vectors : ndarray of shape (n_points, n_dims or pca_dims), float32
        The fitted vectors after all steps: what the method was given.
    takes_sparse : bool
        Whether the fitted vectors are sparse before the steps: others are made so, too.

    Parameters
    ----------
    vectors : ndarray of shape (n_points, n_dims), float32
    params : mapping
        As `PREPROCESSING` declares them.
    """

    def __init__(self, vectors: Vectors, params: Mapping[str, Value]) -> None:
        self.vectors = vectors
        self._steps = {each.name: params.get(each.name) for each in PREPROCESSING}
        self._mean: AnyArray | None = None
        self._deviation: AnyArray | None = None
        self._basis: PrincipalComponents | None = None
        self._rows = sparse_of(vectors)
        if not any(self._steps.values()):
            return
        if self._steps["center"] or self._steps["standardize"]:
            self._mean = vectors.mean(axis=0, dtype=np.float64)
        if self._steps["standardize"] and self._rows is not None:
            self._deviation = sparse_deviation(self._rows)[0]
        elif self._steps["standardize"]:
            deviation: AnyArray = vectors.std(axis=0, dtype=np.float64)
            floor = 1e-12 * max(1e-30, float(deviation.max(initial=0)))
            self._deviation = np.where(deviation <= floor, 1, deviation)
        wanted = self._steps["pca_dims"]
        if wanted is not None and whole(wanted) < vectors.shape[1]:
            self._basis = principal_components(self._scaled(vectors), whole(wanted))
        self.vectors = preprocess(vectors, self._steps)[0]

    @property
    def takes_sparse(self) -> bool:
        """Whether what is prepared becomes sparse first."""
        return self._rows is not None

    def apply(self, vectors: Vectors) -> Vectors:
        """Take the same steps on other vectors."""
        found = self._scaled(vectors)
        return found if self._basis is None else self._basis.scores(found)

    def _scaled(self, vectors: Vectors) -> Vectors:
        unit_norm = {"unit_norm": self._steps["unit_norm"]}
        if self._rows is not None:
            # Where sparse vectors were to be centered, that makes no difference.
            rows = sparse_rows(vectors)
            if self._deviation is not None:
                rows = rows.times(of_dims=1 / self._deviation)
            return preprocess(as_held(rows), unit_norm)[0]
        if self._mean is not None:
            vectors = (vectors - self._mean).astype(np.float32)
        if self._deviation is not None:
            vectors = (vectors / self._deviation).astype(np.float32)
        return preprocess(vectors, unit_norm)[0]
