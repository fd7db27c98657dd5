"""PCA as a method: the flat shadow of the cloud that keeps the most of its variance."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from projector.compute.common_parameters import RANDOM_STATE, n_components, whole
from projector.compute.linear.components import principal_components
from projector.compute.method import Method, Outcome
from projector.model.neighbors import Neighbors
from projector.model.parameters import Value
from projector.model.progress import Progress, ProgressCallback
from projector.typing import Positions, Vectors

#: Components whose scores travel with the result, so that other axes can be chosen at once.
N_SCORES = 50


def run(
    vectors: Vectors,
    params: Mapping[str, Value],
    *,
    neighbors: Neighbors | None = None,
    initial: Positions | None = None,
    progress: ProgressCallback,
) -> Outcome:
    """Project `vectors` on their first principal components.

    Parameters
    ----------
    vectors : ndarray of shape (n_points, n_dims), float32
    params : mapping
        As `PCA` declares them.
    neighbors, initial : None
        Not looked at: PCA needs neither.
    progress : callable

    Returns
    -------
    Outcome
        Positions (n_points, n_components), with zeros in the columns that `vectors` have no
        dimension for; up to 50 scores; in `details` the share of variance of **every**
        component (``explained_variance_ratio``), the singular values of the kept ones and
        whether the solver was ``exact``.
    """
    wanted = whole(params["n_components"])
    found = principal_components(
        vectors,
        max(N_SCORES, wanted),
        random_state=whole(params.get("random_state", 0)),
        progress=progress,
    )
    scores = found.scores(vectors, progress=progress)
    positions = np.zeros((len(vectors), wanted), np.float32)
    shared = min(wanted, scores.shape[1])
    positions[:, :shared] = scores[:, :shared]
    progress(Progress("projecting", len(vectors), len(vectors), positions))
    n_kept = scores.shape[1]
    return Outcome(
        positions,
        {
            "explained_variance_ratio": found.explained_variance_ratio.tolist(),
            "singular_values": found.singular_values[:n_kept].tolist(),
            "total_variance": found.total_variance,
            "n_scores": n_kept,
            "exact": found.exact,
        },
        scores,
    )


PCA = Method(
    name="pca",
    title="PCA",
    summary=(
        "The straight-line view that keeps the most variance: distances far across the picture "
        "are true to scale, but neighbors in it may lie apart in the directions not shown."
    ),
    parameters=(n_components(3), RANDOM_STATE),
    run=run,
)
