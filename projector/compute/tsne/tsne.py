"""t-SNE: affinities, initialization and gradient descent."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import partial
from typing import cast

import numpy as np

from projector.compute.common_parameters import number, whole
from projector.compute.initialization import former_positions, start_positions
from projector.compute.linear.components import components_bytes
from projector.compute.method import Method, MethodInput, Outcome
from projector.compute.neighbors.graph import graph_of
from projector.compute.tsne.affinities import joint_probabilities
from projector.compute.tsne.descent import Descent
from projector.compute.tsne.parameters import PARAMETERS, PERTURB
from projector.errors import ParameterError
from projector.model.parameters import Value
from projector.model.progress import Progress, ProgressCallback
from projector.typing import Json, Metric, Positions

#: Largest initial distance from the center: small, so that clusters can still change places.
EXTENT = 0.01
#: Steps with exaggeration at most; never more than a third of all.
EARLY_STEPS = 250
#: Momentum, with exaggeration too, as in openTSNE: van der Maaten's 0.5 gains nothing.
MOMENTUM = 0.8
#: Neighbors with an affinity above 0, as a multiple of the perplexity.
NEIGHBORS_PER_PERPLEXITY = 3
#: Bytes an edge of the graph: the affinities, their transpose and their sum (about 8, 8 and twice
#: 8), and the rows that are added; and of the grid of the repulsion. Measured.
BYTES_PER_EDGE, GRID_BYTES = 48, 40_000_000


def neighbors_needed(params: Mapping[str, Value], n_points: int) -> tuple[int, Metric]:
    """Return k, three times the largest perplexity, and the metric."""
    wanted = int(np.ceil(NEIGHBORS_PER_PERPLEXITY * max(perplexities(params))))
    return max(0, min(wanted, n_points - 1)), cast(Metric, params["metric"])


def memory_needed(params: Mapping[str, Value], n_points: int, n_dims: int) -> int:
    """Estimate the bytes at the peak: the affinities, or the PCA that it starts from."""
    n_edges = n_points * neighbors_needed(params, n_points)[0]
    return components_bytes(n_points, n_dims) + GRID_BYTES + BYTES_PER_EDGE * n_edges


#: Each takes as long as the affinities of one.
_MOST_PERPLEXITIES = 20


def perplexities(params: Mapping[str, Value]) -> list[float]:
    """Return all perplexities in the parameters, the main one first.

    Raises
    ------
    ParameterError
        One of the additional ones is not a number from 1 to 1000, or there are too many.
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
                f"by commas. Got {word[:40]!r}."
            )
        found.append(value)
        if len(found) > _MOST_PERPLEXITIES:
            raise ParameterError(
                f"t-SNE combines at most {_MOST_PERPLEXITIES} perplexities. Give fewer "
                "'perplexities'."
            )
    return found


def run(inputs: MethodInput) -> Outcome:
    """Compute the t-SNE layout; reports after every step, more often where steps are long.

    Returns
    -------
    Outcome
        In `details` the Kullback-Leibler divergence (``kl_divergence``), the perplexities and
        learning rates in use, and ``warnings``.

    Notes
    -----
    van der Maaten and Hinton 2008; repulsion by interpolation (`Field`) in 2 and 3 dimensions.
    Learning rate: Belkina et al. 2019. Time O(n_iter (n_points perplexity + g log g)), with g
    nodes of the grid around the points.
    """
    vectors, params, progress = inputs.vectors, inputs.params, inputs.progress
    n_points, random_state = len(vectors), whole(params["random_state"])
    dimension = whole(params["n_components"])
    asked = perplexities(params)
    graph = graph_of(
        vectors,
        neighbors_needed(params, n_points),
        inputs.neighbors,
        random_state=random_state,
        progress=progress,
    )
    # Above a third of the neighbors a Gaussian has no room; openTSNE lowers it alike.
    used = sorted({max(1.0, min(each, (n_points - 1) / 3)) for each in asked})
    joint = joint_probabilities(graph, used, progress=progress)
    if inputs.initial is None:
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
            inputs.initial, n_points, dimension, extent=EXTENT, random_state=random_state
        )
    _report(progress, 0, whole(params["n_iter"]), positions)
    descent = Descent(joint, positions, workers=os.cpu_count() or 1)
    if n_points > 1:
        _descend(descent, inputs)
    return Outcome(
        positions,
        {
            "kl_divergence": descent.divergence() if n_points > 1 else 0.0,
            "perplexities": cast(Json, used),
            "exact_repulsion": descent.exact,
            **graph.details,
            "warnings": cast(Json, [*graph.warnings, *_lowered(asked, n_points)]),
        },
    )


def _descend(descent: Descent, inputs: MethodInput) -> None:
    """Take the steps; live parameters and actions are read again at each."""
    params, progress = inputs.params, inputs.progress
    done, n_perturbed = 0, 0
    while done < (n_iter := whole(params["n_iter"])):
        is_early = done < min(EARLY_STEPS, n_iter // 3)
        exaggeration = number(params["early_exaggeration" if is_early else "exaggeration"])
        rate = params["learning_rate"]
        if n_perturbed < len(inputs.actions):
            n_perturbed += 1
            descent.perturb(whole(params["random_state"]) + n_perturbed)
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
        f"The perplexity {each:g} was lowered to {most:.4g}, a third of the other points."
        for each in asked
        if each > most
    ]


TSNE = Method(
    name="tsne",
    title="t-SNE",
    summary=(
        "Preserves each point's nearest neighbors. Small clusters are clear, but distances "
        "between clusters, their sizes and their densities mean little."
    ),
    parameters=PARAMETERS,
    run=run,
    neighbors_needed=neighbors_needed,
    memory_needed=memory_needed,
    live=("n_iter", "learning_rate", "early_exaggeration", "exaggeration"),
    actions=(PERTURB,),
    version=3,
    free_orientation=True,
    takes_differences=True,
    takes_labels=True,
)
