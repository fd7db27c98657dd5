"""PCA: linear projection onto the leading principal components."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from projector.compute.common_parameters import RANDOM_STATE, n_components, whole
from projector.compute.linear.components import components_bytes, principal_components
from projector.compute.method import Method, MethodInput, Outcome
from projector.model.parameters import Value
from projector.model.progress import Progress
from projector.typing import Json

#: Components whose scores are part of the result, so that others can be shown at once.
N_SCORES = 50


def memory_needed(params: Mapping[str, Value], n_points: int, n_dims: int) -> int:
    """Estimate the bytes at the peak: the decomposition, and the scores of all points."""
    n_scores = min(N_SCORES, n_points, n_dims)
    return components_bytes(n_points, n_dims) + 2 * 4 * n_points * n_scores


def run(inputs: MethodInput) -> Outcome:
    """Project vectors onto their first principal components.

    Returns
    -------
    Outcome
        Positions (n_points, n_components), with zeros in the columns that the vectors have no
        dimension for; up to 50 scores; in `details` the share of variance of **every**
        component (``explained_variance_ratio``), the singular values of the kept ones and
        whether the solver was ``exact``.
    """
    vectors, params, progress = inputs.vectors, inputs.params, inputs.progress
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
    warnings: list[Json] = [too_large(found.unit)] if found.unit != 1 else []
    return Outcome(
        positions,
        {
            "warnings": warnings,
            "explained_variance_ratio": found.explained_variance_ratio.tolist(),
            "singular_values": found.singular_values[:n_kept].tolist(),
            "total_variance": found.total_variance,
            "n_scores": n_kept,
            "exact": found.exact,
        },
        scores,
    )


def too_large(unit: float) -> str:
    """Return the warning of positions that are given in units of `unit`."""
    return (
        f"The positions are divided by {unit:g}, because they are larger than float32 can hold. "
        "Shares of variance are not affected."
    )


PCA = Method(
    name="pca",
    title="PCA",
    summary=(
        "Linear projection that preserves as much variance as possible. Large distances are to "
        "scale, but points that look close may be far apart in the dimensions not shown."
    ),
    parameters=(n_components(3), RANDOM_STATE),
    run=run,
    memory_needed=memory_needed,
    version=2,
    is_instant=True,
    keeps_components=True,
    takes_differences=True,
)
