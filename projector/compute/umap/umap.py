"""UMAP: fuzzy graph, initialization and layout."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from projector.compute.common_parameters import number, whole
from projector.compute.initialization import former_positions, start_positions
from projector.compute.linear.components import components_bytes
from projector.compute.method import Method, MethodInput, Outcome
from projector.compute.neighbors.graph import graph_of
from projector.compute.reporting import report_during
from projector.compute.umap.curve import fit_curve
from projector.compute.umap.fuzzy_graph import fuzzy_graph
from projector.compute.umap.library_parameters import (
    OURS,
    check_together,
    is_library,
    library_packages,
    searches_itself,
)
from projector.compute.umap.parameters import PARAMETERS
from projector.model.neighbors import Neighbors
from projector.model.parameters import Value
from projector.model.progress import Progress, ProgressCallback
from projector.typing import Json, Metric, Positions

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

#: Largest distance from the middle at the start, as in umap-learn.
EXTENT = 10.0
#: How the learning rate falls to 0. umap-learn's line (1) leaves the finest detail less time:
#: its neighborhood overlap on handwritten digits is 0.536, with 1.5 it is 0.542.
DECAY = 1.5
#: Blocks that the points move in, one after the other; more where a block were of more points.
#: One is not enough on smooth surfaces: a swiss roll's overlap is 0.776 in place of 0.784.
BLOCKS, BLOCK_POINTS = 4, 40_000
#: Points moved between two reports, some 50 ms: a point moves twice an epoch.
POINTS_PER_REPORT = 40_000
#: Bytes an edge of the neighbor graph: the fuzzy graph and its copies at their peak. Measured.
BYTES_PER_EDGE = 80
#: The same for umap-learn, and what its import and its compiler take. Measured.
LIBRARY_BYTES_PER_EDGE, LIBRARY_BYTES = 160, 400_000_000


def neighbors_needed(params: Mapping[str, Value], n_points: int) -> tuple[int, Metric]:
    """Return k, one less than ``n_neighbors``, which counts the point itself, and the metric.

    k is 0 where no graph is needed.
    """
    metric = cast(Metric, params["metric"])
    if searches_itself(params):
        return 0, "euclidean"
    return max(0, min(whole(params["n_neighbors"]), n_points) - 1), metric


def memory_needed(params: Mapping[str, Value], n_points: int, n_dims: int) -> int:
    """Estimate the bytes at the peak: the fuzzy graph, or the PCA that it starts from."""
    n_edges = n_points * min(whole(params["n_neighbors"]), n_points)
    at_start = components_bytes(n_points, n_dims)
    if is_library(params):
        return at_start + LIBRARY_BYTES + LIBRARY_BYTES_PER_EDGE * n_edges
    return at_start + BYTES_PER_EDGE * n_edges


def run(inputs: MethodInput) -> Outcome:
    """Compute the UMAP layout; reports after every epoch, more often where epochs are long.

    Notes
    -----
    McInnes, Healy and Melville 2018, "UMAP: Uniform Manifold Approximation and Projection". The
    result depends on `random_state` and not on the number of threads. Time O(n_epochs n_edges).
    """
    if is_library(inputs.params):
        from projector.compute.umap.library import run_library

        return run_library(inputs, neighbors_needed(inputs.params, len(inputs.vectors)))
    vectors, params, progress = inputs.vectors, inputs.params, inputs.progress
    neighbors, initial = inputs.neighbors, inputs.initial
    n_points, random_state = len(vectors), whole(params["random_state"])
    dimension = whole(params["n_components"])
    a, b = fit_curve(number(params["min_dist"]), number(params["spread"]))
    needed = neighbors_needed(params, n_points)
    graph_given = graph_of(vectors, needed, neighbors, random_state=random_state, progress=progress)
    report = Progress("graph", 0, n_points)
    graph = report_during(lambda: fuzzy_graph(graph_given), report, progress)
    if initial is None:
        positions = start_positions(
            vectors,
            dimension,
            init=str(params["init"]),
            extent=EXTENT,
            random_state=random_state,
            graph=graph,
            progress=progress,
        )
    else:
        positions = former_positions(
            initial, n_points, dimension, extent=EXTENT, random_state=random_state
        )
    n_epochs = n_epochs_of(params["n_epochs"], n_points)
    progress(Progress("layout", 0, n_epochs, positions))
    if n_points > 1:
        layout = Layout.of(graph, n_epochs, (a, b), params)
        del graph
        epoch = 0
        # The number of epochs is live: lowering it ends the layout early.
        while epoch < min(n_epochs, n_epochs_of(params["n_epochs"], n_points)):
            epoch += 1
            layout.move(positions, epoch, progress)
            progress(Progress("layout", epoch, n_epochs, positions))
    return Outcome(positions, _details(params, graph_given, n_epochs, (a, b), n_points))


@dataclass(frozen=True)
class Layout:
    """The edges to pull along, in the order in which the points move, and how strongly."""

    order: NDArray[np.int32]
    bounds: NDArray[np.int64]
    starts: NDArray[np.int64]
    ends: NDArray[np.int32]
    rates: NDArray[np.float32]
    curve: tuple[float, float]
    n_epochs: int
    params: Mapping[str, Value]

    @classmethod
    def of(
        cls,
        graph: csr_matrix,
        n_epochs: int,
        curve: tuple[float, float],
        params: Mapping[str, Value],
    ) -> Layout:
        """Take the edges of `graph` that are strong enough to pull in any of `n_epochs`."""
        n_points = graph.shape[0]
        n_blocks = max(BLOCKS, -(-n_points // BLOCK_POINTS))
        bounds = np.linspace(0, n_points, n_blocks + 1).astype(np.int64)
        # Drawn at random: where rows are sorted by class, or classes take turns, near points
        # would share a block.
        order = np.random.default_rng(whole(params["random_state"])).permutation(n_points)
        for block in range(n_blocks):
            order[bounds[block] : bounds[block + 1]].sort()
        largest = graph.data.max(initial=0)
        graph = graph[order]
        kept = graph.data * n_epochs >= largest
        n_kept = np.concatenate([[0], np.cumsum(kept)])
        return cls(
            order=order.astype(np.int32),
            bounds=bounds,
            starts=n_kept[graph.indptr].astype(np.int64),
            ends=graph.indices[kept].astype(np.int32),
            rates=(graph.data[kept] / max(largest, 1e-30)).astype(np.float32),
            curve=curve,
            n_epochs=n_epochs,
            params=params,
        )

    def move(self, positions: Positions, epoch: int, progress: ProgressCallback) -> None:
        """Move all points by one epoch, in place; reports on the way where they are many."""
        from projector.compute.umap.forces import force_tables

        n_dims = positions.shape[1]
        axes = tuple(range(n_dims)) if n_dims in (2, 3) else ()
        if axes:
            from projector.compute.umap.layout import move_points
        else:
            from projector.compute.umap.wide_layout import move_points_in_any as move_points

        left = 1 - (epoch - 1) / self.n_epochs
        alpha = number(self.params["learning_rate"]) * left**DECAY
        n_steps, largest = 2 * (len(self.bounds) - 1), int(np.diff(self.bounds).max())
        moved = np.empty((largest, n_dims), np.float32)
        tables = force_tables(*self.curve, number(self.params["repulsion_strength"]))
        n_at_once = max(1, POINTS_PER_REPORT // largest)
        for step in range(0, n_steps, n_at_once):
            if step:
                progress(Progress("layout", epoch - 1, self.n_epochs, positions))
            move_points(
                positions,
                moved,
                step,
                min(step + n_at_once, n_steps),
                self.order,
                self.bounds,
                self.starts,
                self.ends,
                self.rates,
                *tables,
                whole(self.params["negative_sample_rate"]),
                alpha,
                epoch,
                whole(self.params["random_state"]),
                axes,
            )


def n_epochs_of(asked: Value, n_points: int) -> int:
    """Return the number of epochs: the given one, or the default for so many points."""
    if asked is not None:
        return whole(asked)
    return 500 if n_points <= 10_000 else 200


def _details(
    params: Mapping[str, Value],
    neighbors: Neighbors,
    n_epochs: int,
    curve: tuple[float, float],
    n_points: int,
) -> dict[str, Json]:
    warnings: list[Json] = list(neighbors.warnings)
    if whole(params["n_neighbors"]) > n_points:
        warnings.append(f"n_neighbors was lowered to {n_points:,}, the number of points.")
    return {
        "n_epochs": n_epochs,
        "a": curve[0],
        "b": curve[1],
        "n_neighbors": neighbors.k + 1,
        **neighbors.details,
        "warnings": warnings,
    }


UMAP = Method(
    name="umap",
    title="UMAP",
    summary=(
        "Preserves neighborhoods. Clusters and the connections between them are meaningful; "
        "distances between distant clusters and the sizes of clusters are not."
    ),
    parameters=PARAMETERS,
    run=run,
    neighbors_needed=neighbors_needed,
    memory_needed=memory_needed,
    version=5,
    live=("n_epochs", "learning_rate", "negative_sample_rate", "repulsion_strength"),
    free_orientation=True,
    takes_differences=True,
    takes_labels=True,
    live_if=("implementation", OURS),
    check=check_together,
    uses_labels=is_library,
    libraries=library_packages,
)
