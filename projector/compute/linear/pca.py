"""PCA: linear projection onto the leading principal components."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from projector.compute.common_parameters import RANDOM_STATE, n_components, whole
from projector.compute.linear.components import components_bytes, principal_components
from projector.compute.method import Method, MethodInput, Outcome
from projector.machine.handover import empty_array
from projector.model.parameters import Value
from projector.model.progress import Progress
from projector.typing import Json

#: Components whose scores are part of the result, so that others can be shown at once: the most,
#: and the fewest where all of them would be more than `LARGEST_SCORES` numbers.
N_SCORES, FEWEST_SCORES = 50, 10
LARGEST_SCORES = 1 << 26
#: With more numbers than these, the positions are shown before the other scores are computed.
MANY_SCORES = 1 << 22


def n_scores(n_points: int, n_dims: int, n_components: int) -> int:
    """Return of how many components the scores are part of the result."""
    most = max(FEWEST_SCORES, min(N_SCORES, LARGEST_SCORES // max(1, n_points)), n_components)
    return min(most, n_points, n_dims)


def memory_needed(params: Mapping[str, Value], n_points: int, n_dims: int) -> int:
    """Estimate the bytes at the peak: the decomposition, and the scores of all points."""
    wanted = whole(params["n_components"])
    n_numbers = n_points * (wanted + n_scores(n_points, n_dims, wanted))
    return components_bytes(n_points, n_dims) + 4 * n_numbers


def run(inputs: MethodInput) -> Outcome:
    """Project vectors onto their first principal components.

    Returns
    -------
    Outcome
        Positions (n_points, n_components), with zeros in the columns that the vectors have no
        dimension for; the scores of `n_scores` components; in `details` the share of variance of
        **every** component (``explained_variance_ratio``), the singular values of the kept ones
        and whether the solver was ``exact``. The first frame is the positions.
    """
    vectors, params, progress = inputs.vectors, inputs.params, inputs.progress
    wanted = whole(params["n_components"])
    found = principal_components(
        vectors,
        n_scores(len(vectors), vectors.shape[1], wanted),
        random_state=whole(params.get("random_state", 0)),
        progress=progress,
    )
    n_points, n_kept = len(vectors), len(found.components)
    shared = min(wanted, n_kept)
    is_large = n_points * n_kept > MANY_SCORES
    scores = empty_array((n_points, n_kept), np.float32)
    found.fill_scores(vectors, scores, 0, shared if is_large else n_kept, progress=progress)
    positions = empty_array((n_points, wanted), np.float32)
    positions[:, :shared] = scores[:, :shared]
    positions[:, shared:] = 0
    progress(Progress("projecting", n_points, n_points, positions))
    if is_large:
        found.fill_scores(vectors, scores, shared, n_kept, progress=progress)
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
