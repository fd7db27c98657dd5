"""t-SNE as a method: affinities, start and descent, streamed step by step."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import partial
from typing import cast

import numpy as np

from projector.compute.common_parameters import number, whole
from projector.compute.initialization import former_positions, start_positions
from projector.compute.method import Method, Outcome
from projector.compute.neighbors.graph import graph_of
from projector.compute.tsne.affinities import joint_probabilities
from projector.compute.tsne.descent import Descent
from projector.compute.tsne.parameters import PARAMETERS
from projector.errors import ParameterError
from projector.model.neighbors import Neighbors
from projector.model.parameters import Value
from projector.model.progress import Progress, ProgressCallback
from projector.typing import Json, Metric, Positions, Vectors

#: Largest distance from the middle at the start: small, so that clusters can still change places.
EXTENT = 0.01
#: Steps with exaggeration at most; never more than a third of all.
EARLY_STEPS = 250
#: Momentum, with exaggeration too, as in openTSNE: van der Maaten's 0.5 gains nothing.
MOMENTUM = 0.8
#: Neighbors that are looked at, as a multiple of the perplexity.
NEIGHBORS_PER_PERPLEXITY = 3


def neighbors_needed(params: Mapping[str, Value], n_points: int) -> tuple[int, Metric]:
    """Return k, three times the largest perplexity, and the metric."""
    wanted = int(np.ceil(NEIGHBORS_PER_PERPLEXITY * max(perplexities(params))))
    return max(0, min(wanted, n_points - 1)), cast(Metric, params["metric"])


def perplexities(params: Mapping[str, Value]) -> list[float]:
    """Return all perplexities that are asked for.

    Raises
    ------
    ParameterError
        One of the further ones is not a number of at least 1.
    """
    found = [number(params["perplexity"])]
    further = params.get("perplexities")
    for word in str(further).replace(",", " ").split() if further else ():
        try:
            value = float(word)
        except ValueError:
            value = 0.0
        if not 1 <= value <= 1000:
            raise ParameterError(
                "The parameter 'perplexities' of tsne must be numbers from 1 to 1000, separated "
                f"by commas. Got {word!r}."
            )
        found.append(value)
    return found


def run(
    vectors: Vectors,
    params: Mapping[str, Value],
    *,
    neighbors: Neighbors | None,
    initial: Positions | None,
    progress: ProgressCallback,
) -> Outcome:
    """Lay `vectors` out by t-SNE.

    Parameters
    ----------
    vectors : ndarray of shape (n_points, n_dims), float32
    params : mapping
        As `TSNE` declares them.
    neighbors : Neighbors or None
        At least `neighbors_needed`; searched where missing.
    initial : ndarray of shape (n_points, 2 or 3) or None
        A picture to start from, in place of ``init``.
    progress : callable
        Given the live positions after every step, more often where steps are long.

    Returns
    -------
    Outcome
        In `details` the Kullback-Leibler divergence (``kl_divergence``), the perplexities and
        learning rates in use, and ``warnings``.

    Notes
    -----
    van der Maaten and Hinton 2008; repulsion by interpolation (`Field`) in 2 and 3 dimensions.
    Learning rate: Belkina et al. 2019. Time O(n_iter (n_points perplexity + g log g)), with g
    nodes of the grid around the picture.
    """
    n_points, random_state = len(vectors), whole(params["random_state"])
    dimension = whole(params["n_components"])
    asked = perplexities(params)
    graph = graph_of(
        vectors,
        neighbors_needed(params, n_points),
        neighbors,
        random_state=random_state,
        progress=progress,
    )
    # Above a third of the neighbors a Gaussian has no room; openTSNE lowers it alike.
    used = sorted({max(1.0, min(each, (n_points - 1) / 3)) for each in asked})
    joint = joint_probabilities(graph, used, progress=progress)
    if initial is None:
        positions = start_positions(
            vectors,
            dimension,
            init=str(params["init"]),
            extent=EXTENT,
            random_state=random_state,
            graph=joint,
            progress=progress,
        )
    else:
        positions = former_positions(
            initial, n_points, dimension, extent=EXTENT, random_state=random_state
        )
    _report(progress, 0, whole(params["n_iter"]), positions)
    descent = Descent(joint, positions, workers=os.cpu_count() or 1)
    if n_points > 1:
        _descend(descent, params, progress)
    return Outcome(
        positions,
        {
            "kl_divergence": descent.divergence() if n_points > 1 else 0.0,
            "perplexities": cast(Json, used),
            "exact_repulsion": descent.exact,
            "recall": graph.recall,
            "exact_neighbors": graph.exact,
            "warnings": cast(Json, [*graph.warnings, *_lowered(asked, n_points)]),
        },
    )


def _descend(descent: Descent, params: Mapping[str, Value], progress: ProgressCallback) -> None:
    """Take the steps; all parameters are read again at each, as somebody may steer."""
    done, n_shaken = 0, 0
    while done < (n_iter := whole(params["n_iter"])):
        is_early = done < min(EARLY_STEPS, n_iter // 3)
        exaggeration = number(params["early_exaggeration" if is_early else "exaggeration"])
        rate = params["learning_rate"]
        if n_shaken != whole(params["perturb"]):
            n_shaken = whole(params["perturb"])
            descent.shake(whole(params["random_state"]) + n_shaken)
        report = partial(_report, progress, done, n_iter, descent.positions)
        descent.step(
            exaggeration=exaggeration,
            learning_rate=len(descent.positions) / exaggeration if rate is None else number(rate),
            momentum=MOMENTUM,
            between=report,
        )
        done += 1
        _report(progress, done, n_iter, descent.positions)


def _report(progress: ProgressCallback, done: int, n_iter: int, positions: Positions) -> None:
    progress(Progress("layout", done, n_iter, positions))


def _lowered(asked: list[float], n_points: int) -> list[str]:
    most = max(1.0, (n_points - 1) / 3)
    return [
        f"The perplexity {each:g} is lowered to {most:.4g}, a third of the other points."
        for each in asked
        if each > most
    ]


TSNE = Method(
    name="tsne",
    title="t-SNE",
    summary=(
        "Keeps each point's nearest neighbors: small clusters come out clearly, while distances "
        "between clusters, their sizes and their densities mean little."
    ),
    parameters=PARAMETERS,
    run=run,
    neighbors_needed=neighbors_needed,
    version=2,
    live=("n_iter", "learning_rate", "early_exaggeration", "exaggeration", "perturb"),
)
